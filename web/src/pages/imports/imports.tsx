import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';

import { problemOf } from '../../api/client';
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
import { households, projects, type ImportKind } from './kinds';
import { PastImports } from './past-imports';
import { Preview } from './preview';
import { ProjectExports } from './project-exports';

/** Workbooks of households in, previewed before anything is written, and out. The import under way survives a reload of the page. */
export function Imports() {
  const words = useWords(zh, en).of.households;
  const may = useMay();
  return (
    <Page title={words.title} about={words.about}>
      {may(households.mayImport) && <ImportSteps kind={households} />}
      {may(households.mayExport) && <Exports />}
      <PastImports kind={households} />
    </Page>
  );
}

/** The same for workbooks of projects. */
export function ProjectImports() {
  const words = useWords(zh, en).of.projects;
  const may = useMay();
  return (
    <Page title={words.title} about={words.about}>
      {may(projects.mayImport) && <ImportSteps kind={projects} />}
      {may(projects.mayExport) && <ProjectExports />}
      {may(projects.mayList) && <PastImports kind={projects} />}
    </Page>
  );
}

function ImportSteps({ kind }: { kind: ImportKind }) {
  const words = useWords(zh, en);
  const { asOf } = useMoment();
  const [waiting, setWaiting] = useDraft<string>(`import.${kind.name}`);
  const [valid, setValid] = useState(asOf);
  const [over, setOver] = useState(false);
  const [resumed, setResumed] = useState(waiting !== null);
  const chooser = useRef<HTMLInputElement>(null);
  const planOf = kind.usePlan();
  const plan = useQuery({
    queryKey: ['import', kind.name, waiting],
    queryFn: async () => {
      try {
        return await kind.waiting(waiting ?? '');
      } catch (error) {
        if (problemOf(error).status !== 404) throw error;
        setWaiting(null); // its time is over, or it was written: begin anew
        return null;
      }
    },
    enabled: waiting !== null,
    staleTime: Infinity,
  });
  const reading = useReading(kind.name, waiting === null, (preview) => {
    setResumed(false);
    setWaiting(preview);
  });
  const busy = reading.state === 'sending' || reading.state === 'reading';
  const template = useMutation({
    mutationFn: async () => {
      const file = await kind.template();
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
        <Preview kind={kind} plan={planOf(plan.data)} onLeave={() => setWaiting(null)} />
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
        <p className="quiet">{words.of[kind.name].dropHelp}</p>
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
