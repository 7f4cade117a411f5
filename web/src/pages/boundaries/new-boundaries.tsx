import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { newId } from '../../api/id';
import { useSession } from '../../app/session';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/boundaries.en';
import { zh } from '../../words/boundaries.zh';
import { useText, useWords } from '../../words/words';
import './boundaries.css';
import { useCounts } from './counts';

type Checked = Schemas['BoundaryCheckOutputBody'];

/** A file with its number and coordinate system: looked at first, used only when nothing is wrong with it. */
export function NewBoundaries() {
  const words = useWords(zh, en);
  const format = useFormat();
  const counts = useCounts();
  const client = useQueryClient();
  const session = useSession();
  const [file, setFile] = useState<File | null>(null);
  const [number, setNumber] = useState('');
  const [coordinates, setCoordinates] = useState('');
  const [from, setFrom] = useState('');
  const [codes, setCodes] = useState(session?.as_of ?? '');
  const [id, setId] = useState(newId);
  const send = useMutation({
    mutationFn: (preview: boolean): Promise<Checked> =>
      take(api.POST('/api/boundaries', {
        params: { query: { id, name: file?.name ?? '', approval_number: number, coordinates, codes_of: codes, preview, ...(from === '' ? {} : { from }) } },
        body: file as unknown as string, // the file itself is sent, not words about it
        bodySerializer: (body) => body as unknown as BodyInit,
        headers: { 'Content-Type': 'application/geo+json' },
      })),
    onSuccess: (answer) => {
      if (!answer.kept) return;
      setId(newId());
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] === 'boundaries' || query.queryKey[0] === 'map' });
    },
  });
  const checked = send.data;
  const good = checked !== undefined && (checked.refusals ?? []).length === 0;
  const changed = <T,>(set: (value: T) => void) => (value: T) => { set(value); send.reset(); };
  return (
    <section aria-labelledby="boundaries-new">
      <h2 id="boundaries-new">{words.add}</h2>
      <form className="filters boundary-form" onSubmit={(event) => { event.preventDefault(); send.mutate(false); }}>
        <Field label={words.file} help={words.fileHelp}>
          <input type="file" accept=".geojson,.json,application/geo+json" onChange={(event) => changed(setFile)(event.target.files?.[0] ?? null)} />
        </Field>
        <Field label={words.number} help={words.numberHelp}><Input value={number} onChange={(event) => changed(setNumber)(event.target.value)} /></Field>
        <Field label={words.coordinates} help={words.coordinatesHelp}>
          <Choice value={coordinates} options={[['', words.choose], ...Object.entries(words.systems)]} onChange={changed(setCoordinates)} />
        </Field>
        <Field label={words.codes} help={words.codesHelp}><Input type="date" value={codes} onChange={(event) => changed(setCodes)(event.target.value)} /></Field>
        <Field label={words.from} help={words.fromHelp}><Input type="date" value={from} onChange={(event) => changed(setFrom)(event.target.value)} /></Field>
        <Button disabled={file === null} loading={send.isPending && send.variables} onClick={() => send.mutate(true)}>{words.check}</Button>
        {good && !checked.kept && <Button type="primary" htmlType="submit" loading={send.isPending}>{words.use}</Button>}
      </form>
      {send.isError && <ProblemMessage error={send.error} />}
      {checked?.kept && <p role="status" data-of-the-city>{words.kept(checked.boundaries.approval_number)}</p>}
      {checked && !checked.kept && (
        <>
          <p role="status">{good ? words.good(counts(checked.boundaries.counts)) : words.bad(format.number((checked.refusals ?? []).length))}</p>
          <Findings findings={checked.refusals ?? []} />
          {(checked.notes ?? []).length > 0 && <h3>{words.notes}</h3>}
          <Findings findings={checked.notes ?? []} />
        </>
      )}
    </section>
  );
}

function Findings({ findings }: { findings: Schemas['BoundaryFinding'][] }) {
  const text = useText();
  return <ul className="findings" data-of-the-city>{findings.map((finding, index) => <li key={index}>{text(finding.text)}</li>)}</ul>;
}
