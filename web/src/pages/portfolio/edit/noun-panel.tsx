import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';

import { problemOf, type Schemas } from '../../../api/client';
import { useMoment } from '../../../app/moment';
import { useDraft } from '../../../kit/draft';
import { Field } from '../../../kit/field';
import { Panel } from '../../../kit/panel';
import { ProblemMessage } from '../../../kit/problem';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { changed, laid, merged, same, type Change } from './merge';
import { useSaid, type Document } from './said';
import '../portfolio.css';
import '../../project/project.css';

/** A noun as it was read: its document and the version that a change of it is made on; 0 for one that is new. */
export interface Held<D> {
  document: D;
  version: number;
}

/** How a noun is written down and read again. */
export interface Keeper<D> {
  noun: 'organisations' | 'agreements' | 'platforms' | 'projects';
  id: string;
  save: (document: D, version: number, about: { valid: string; source: string; reason: string }) => Promise<Schemas['NounSavedOutputBody']>;
  read: () => Promise<Held<D>>;
}

interface Typed<D> {
  base: Held<D>;
  document: D;
  valid: string;
  source: string;
  reason: string;
}

interface Meeting<D> {
  newest: Held<D>;
  clashes: (keyof D & string)[];
  theirs: Set<string>;
}

/** Everything that is written of a noun, to be changed with its reason. What was typed survives a reload; what others wrote meanwhile is met answer by answer. */
export function NounPanel<D extends Document>({ title, keeper, held, wrong, onSaved, onClose, children }: {
  title: string; keeper: Keeper<D>; held: Held<D>; wrong: (document: D) => boolean; onSaved: (saved: Schemas['NounSavedOutputBody']) => void; onClose: () => void; children: (document: D, set: (change: Change<D>) => void) => ReactNode;
}) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const { asOf } = useMoment();
  const [draft, keep] = useDraft<Typed<D>>(`${keeper.noun}.${held.version === 0 ? 'new' : keeper.id}`);
  const [meeting, setMeeting] = useState<Meeting<D> | null>(null);
  const typed: Typed<D> = draft ?? { base: held, document: held.document, valid: asOf, source: '', reason: '' };
  const set = (change: Partial<Typed<D>>) => keep({ ...typed, ...change });
  const fields = changed(typed.base.document, typed.document);
  const fresh = typed.base.version === 0;
  const save = useMutation({
    mutationFn: () => keeper.save(typed.document, typed.base.version, { valid: typed.valid, source: typed.source, reason: typed.reason }),
    onSuccess: async (saved) => {
      keep(null);
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'project-rules' });
      onSaved(saved);
    },
    onError: async (error) => {
      if (fresh || ![409, 412].includes(problemOf(error).status)) return;
      const newest = await keeper.read();
      if (newest.version !== typed.base.version) setMeeting({ newest, clashes: merged(typed.base.document, typed.document, newest.document).clashes, theirs: new Set() });
    },
  });
  const goOn = (met: Meeting<D>) => {
    const document = { ...merged(typed.base.document, typed.document, met.newest.document).document };
    for (const field of met.clashes) if (met.theirs.has(field)) document[field] = met.newest.document[field];
    set({ base: met.newest, document });
    setMeeting(null);
    save.reset();
  };
  const close = () => {
    keep(null);
    onClose();
  };
  return (
    <Panel title={title} onClose={onClose}>
      {draft !== null && fields.length > 0 && <p className="quiet">{words.draft}</p>}
      {meeting ? <Met keeper={keeper} typed={typed} met={meeting} onChoose={(theirs) => setMeeting({ ...meeting, theirs })} onGo={() => goOn(meeting)} /> : save.isError && <ProblemMessage error={save.error} />}
      <form className="stack noun-form" noValidate onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}>
        {children(typed.document, (change) => set({ document: laid(typed.document, change) }))}
        <fieldset className="noun-about">
          <legend>{words.about}</legend>
          <Field label={words.valid} help={words.validHelp}><Input type="date" value={typed.valid} onChange={(event) => set({ valid: event.target.value })} /></Field>
          <Field label={words.source} help={words.sourceHelp}><Input value={typed.source} onChange={(event) => set({ source: event.target.value })} /></Field>
          <Field label={words.reason} help={fresh ? undefined : words.reasonHelp}><Input value={typed.reason} onChange={(event) => set({ reason: event.target.value })} /></Field>
        </fieldset>
        <p className="form-actions">
          <Button type="primary" htmlType="submit" loading={save.isPending} disabled={meeting !== null || fields.length === 0 || wrong(typed.document) || typed.valid === '' || (!fresh && typed.reason.trim() === '')}>{fresh ? words.saveNew : words.save(String(fields.length))}</Button>{' '}
          <Button onClick={close}>{words.drop}</Button>
        </p>
      </form>
    </Panel>
  );
}

/** What others wrote since the noun was read: their answers beside one's own where both changed the same. */
function Met<D extends Document>({ keeper, typed, met, onChoose, onGo }: { keeper: Keeper<D>; typed: Typed<D>; met: Meeting<D>; onChoose: (theirs: Set<string>) => void; onGo: () => void }) {
  const words = useWords(zh, en);
  const fields: Record<string, string> = words.fields;
  const said = useSaid(keeper.noun, String(met.newest.document.division));
  const alone = changed(typed.base.document, met.newest.document).filter((field) => !met.clashes.includes(field) && !same(typed.document[field], met.newest.document[field]));
  const choose = (field: string, their: boolean) => {
    const theirs = new Set(met.theirs);
    if (their) theirs.add(field);
    else theirs.delete(field);
    onChoose(theirs);
  };
  return (
    <section className="conflict" role="alert" aria-labelledby="met">
      <h3 id="met">{words.met}</h3>
      <p>{met.clashes.length > 0 ? words.metBoth : words.metApart}</p>
      {met.clashes.map((field) => (
        <fieldset key={field}>
          <legend>{fields[field] ?? field}</legend>
          <label><input type="radio" name={field} checked={!met.theirs.has(field)} onChange={() => choose(field, false)} /> {words.mine} <span data-of-the-city>{said(field, typed.document[field])}</span></label>
          <label><input type="radio" name={field} checked={met.theirs.has(field)} onChange={() => choose(field, true)} /> {words.theirs} <span data-of-the-city>{said(field, met.newest.document[field])}</span></label>
        </fieldset>
      ))}
      {alone.length > 0 && <p className="quiet">{words.theirsOnly}</p>}
      {alone.length > 0 && <ul>{alone.map((field) => <li key={field}>{fields[field] ?? field}: <span data-of-the-city>{said(field, met.newest.document[field])}</span></li>)}</ul>}
      <Button type="primary" onClick={onGo}>{words.metGo}</Button>
    </section>
  );
}
