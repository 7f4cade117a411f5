import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';

import { api, takeWithHeaders, type Schemas } from '../../api/client';
import { keepFile } from '../../api/transfer';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { Choice } from '../../kit/choice';
import { useDivision } from '../../kit/division-picker';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useWords } from '../../words/words';

/** The households of the place and day as a file, with the rights of whoever asks. */
export function Exports() {
  const words = useWords(zh, en);
  return (
    <section aria-labelledby="export" className="after">
      <h2 id="export">{words.exportTitle}</h2>
      <ExportForm />
    </section>
  );
}

/** Asks for a file of households: all of the place, or those alone that a filter of the register shows. */
export function ExportForm({ only, count }: { only?: Schemas['FilterInput']; count?: number }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const mayShow = useMay()('show_sensitive');
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf);
  const [layout, setLayout] = useState<keyof typeof words.layouts>('national');
  const [kind, setKind] = useState<keyof typeof words.formats>('xlsx');
  const [secrets, setSecrets] = useState(false);
  const [reason, setReason] = useState('');
  const run = useMutation({
    mutationFn: async () => {
      const file = await takeWithHeaders(api.POST('/api/exports/households', { body: { division, as_of: asOf, layout, format: kind, secrets, reason, ...(only === undefined ? {} : { only }) }, parseAs: 'blob' }));
      keepFile(file.data, file.headers);
    },
  });
  const named = place.data?.name ?? '';
  return (
    <>
      <p className="quiet">{only === undefined ? words.of.households.exportAbout(named, format.day(asOf)) : words.of.households.exportSeen(named, format.number(count), format.day(asOf))}</p>
      <form
        className="row-form"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <Field label={words.exportLayout}><Choice value={layout} onChange={(value) => setLayout(value as keyof typeof words.layouts)} options={(['national', 'own'] as const).map((value) => [value, words.layouts[value]])} /></Field>
        <Field label={words.exportFormat}><Choice value={kind} onChange={(value) => setKind(value as keyof typeof words.formats)} options={(['xlsx', 'csv', 'csv-gb18030'] as const).map((value) => [value, words.formats[value]])} /></Field>
        {mayShow && <Field label={words.exportReason} help={words.exportReasonHelp}><Input value={reason} onChange={(event) => setReason(event.target.value)} /></Field>}
        {mayShow && <Checkbox checked={secrets} onChange={(event) => setSecrets(event.target.checked)}>{words.exportSecrets}</Checkbox>}
        <Button htmlType="submit" loading={run.isPending} disabled={secrets && reason.trim() === ''}>{run.isPending ? words.exporting : words.exportDo}</Button>
      </form>
      {run.isError && <ProblemMessage error={run.error} />}
    </>
  );
}
