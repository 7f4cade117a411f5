import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';

import { api, problemOf, take, takeWithHeaders } from '../../api/client';
import { keepFile } from '../../api/transfer';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { useReading } from '../../kit/reading';
import { ReadingProgress } from '../../kit/reading-progress';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useWords } from '../../words/words';
import { Exports } from './exports';
import './imports.css';
import { PastImports } from './past-imports';
import { Preview } from './preview';

/** Workbooks in, previewed before anything is written, and out. The import under way survives a reload of the page. */
export function Imports() {
  const words = useWords(zh, en);
  const may = useMay();
  return (
    <Page title={words.title} about={words.about}>
      {may('import_records') && <ImportSteps />}
      {may('export_records') && <Exports />}
      <PastImports />
    </Page>
  );
}

function ImportSteps() {
  const words = useWords(zh, en);
  const { asOf } = useMoment();
  const [waiting, setWaiting] = useDraft<string>('import');
  const [valid, setValid] = useState(asOf);
  const [over, setOver] = useState(false);
  const [resumed, setResumed] = useState(waiting !== null);
  const chooser = useRef<HTMLInputElement>(null);
  const plan = useQuery({
    queryKey: ['import', waiting],
    queryFn: async () => {
      try {
        return await take(api.GET('/api/imports/{id}', { params: { path: { id: waiting ?? '' } } }));
      } catch (error) {
        if (problemOf(error).status !== 404) throw error;
        setWaiting(null); // its time is over, or it was written: begin anew
        return null;
      }
    },
    enabled: waiting !== null,
    staleTime: Infinity,
  });
  const reading = useReading('households', waiting === null, (preview) => {
    setResumed(false);
    setWaiting(preview);
  });
  const busy = reading.state === 'sending' || reading.state === 'reading';
  const template = useMutation({
    mutationFn: async () => {
      const file = await takeWithHeaders(api.GET('/api/imports/template', { parseAs: 'blob' }));
      keepFile(file.data, file.headers);
    },
  });
  const read = (files: FileList | null) => {
    const file = files?.[0];
    if (file && !busy) reading.send({ file, valid });
  };
  if (waiting !== null && plan.data) {
    return (
      <>
        {resumed && <p className="quiet" role="status">{words.resumed}</p>}
        <Preview plan={plan.data} onLeave={() => setWaiting(null)} />
      </>
    );
  }
  return (
    <section aria-label={words.stepMatch}>
      <div
        className={`drop ${over ? 'drop-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          read(event.dataTransfer.files);
        }}
      >
        <p className="drop-words">{words.drop}</p>
        <p className="quiet">{words.dropHelp}</p>
        <input ref={chooser} type="file" hidden accept=".xlsx,.csv" aria-label={words.choose} onChange={(event) => {
          read(event.target.files);
          event.target.value = '';
        }} />
        <Button type="primary" disabled={busy} onClick={() => chooser.current?.click()}>{words.choose}</Button>
        <Button type="link" loading={template.isPending} onClick={() => template.mutate()}>{words.template}</Button>
      </div>
      <ReadingProgress reading={reading} />
      <div className="narrow-field"><Field label={words.valid} help={words.validHelp}><Input type="date" value={valid} onChange={(event) => setValid(event.target.value)} /></Field></div>
      {template.isError && <ProblemMessage error={template.error} />}
      {plan.isError && <ProblemMessage error={plan.error} />}
      {plan.isFetching && <Waiting lines={4} />}
    </section>
  );
}
