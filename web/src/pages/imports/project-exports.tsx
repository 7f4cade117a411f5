import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, takeWithHeaders, type Schemas } from '../../api/client';
import { keepFile } from '../../api/transfer';
import { useMoment } from '../../app/moment';
import { Choice } from '../../kit/choice';
import { useDivision } from '../../kit/division-picker';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useWords } from '../../words/words';

/** The projects of the place and day as a file. */
export function ProjectExports() {
  const words = useWords(zh, en);
  return (
    <section aria-labelledby="export" className="after">
      <h2 id="export">{words.exportTitle}</h2>
      <ProjectExportForm />
    </section>
  );
}

const formats = ['xlsx', 'csv', 'oc4ids', 'iati'] as const;

/** Asks for a file of projects: all of the place, or those alone that the board's filter shows. */
export function ProjectExportForm({ only, count }: { only?: Schemas['ProjectFilterInput']; count?: number }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf);
  const [kind, setKind] = useState<string>('xlsx');
  const [reason, setReason] = useState('');
  const run = useMutation({
    mutationFn: async () => {
      const file = await takeWithHeaders(api.POST('/api/exports/projects', { body: { division, as_of: asOf, format: kind, reason, ...(only === undefined ? {} : { only }) }, parseAs: 'blob' }));
      keepFile(file.data, file.headers);
    },
  });
  const named = place.data?.name ?? '';
  const own = words.of.projects;
  return (
    <>
      <p className="quiet">{only === undefined ? own.exportAbout(named, format.day(asOf)) : own.exportSeen(named, format.number(count), format.day(asOf))}</p>
      <form
        className="row-form"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <Field label={words.exportFormat} help={words.projectFormatHelp[kind as (typeof formats)[number]]}><Choice value={kind} onChange={setKind} options={formats.map((value) => [value, words.projectFormats[value]])} /></Field>
        <Field label={words.exportReason} help={words.exportReasonLog}><Input value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
        <Button htmlType="submit" loading={run.isPending}>{run.isPending ? words.exporting : words.exportDo}</Button>
      </form>
      {run.isSuccess && <p role="status" className="done">{words.exported}</p>}
      {run.isError && <ProblemMessage error={run.error} />}
    </>
  );
}
