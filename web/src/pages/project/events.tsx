import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { newId } from '../../api/id';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { NounSelect } from '../portfolio/edit/fields';
import { laid, type Change } from '../portfolio/edit/merge';
import { useNames } from '../portfolio/edit/said';
import { useProjectLists } from '../portfolio/lists';
import { FormPanel } from './saving';
import { fenOf, typedOf, wrongAmount, type ProjectEvent, type ProjectView } from './view';

/** Which answers a kind of event has beside its day and reason. */
const answers: Record<string, readonly ('amount' | 'basis' | 'agreement' | 'occasion' | 'organisation' | 'stage' | 'phase' | 'bound')[]> = {
  signing: ['bound', 'amount', 'basis', 'agreement', 'occasion'],
  upgrade: [],
  increase: ['amount'],
  investor: ['organisation'],
  revision: ['amount', 'basis'],
  phase: ['phase'],
  statistics: [],
  stage: ['bound', 'stage', 'phase'],
};

/** What happened to the project, each to be corrected or taken back with a reason. */
export function Events({ view, mayWrite, onAdd, onCorrect }: { view: ProjectView; mayWrite: boolean; onAdd: () => void; onCorrect: (event: ProjectEvent) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const lists = useProjectLists();
  const nameOf = useNames();
  const events = view.events ?? [];
  const said = (event: ProjectEvent) => [
    lists.title('stages', event.stage), event.amount_fen === undefined ? '' : `${format.amount(event.amount_fen)} ${format.amountUnit}`, lists.title('bases', event.basis),
    event.agreement === undefined ? '' : nameOf(event.agreement), event.organisation === undefined ? '' : nameOf(event.organisation), event.occasion ?? '', event.phase === undefined ? '' : words.ofPhase(format.number(event.phase)), event.reason ?? '',
  ].filter((word) => word !== '').join(' · ');
  return (
    <section aria-labelledby="events">
      <h2 id="events">{words.events} {mayWrite && <Button size="small" onClick={onAdd}>{words.eventAdd}</Button>}</h2>
      {events.length === 0 ? <p className="quiet">{words.eventsNone}</p> : (
        <table className="table">
          <thead><tr><th scope="col">{words.on}</th><th scope="col">{words.eventKind}</th><th scope="col">{words.eventSays}</th>{mayWrite && <td />}</tr></thead>
          <tbody>
            {events.map((event) => (
              <tr key={event.id} className={event.void ? 'struck' : ''}>
                <td className="nowrap">{event.no_later_than ? words.noLater(format.day(event.on)) : format.day(event.on)}</td>
                <td className="nowrap">{lists.title('events', event.kind)}</td>
                <td data-of-the-city>{said(event)}{event.void && ` · ${words.voided}`}</td>
                {mayWrite && <td className="n"><Button size="small" type="link" aria-label={`${words.eventCorrect}: ${lists.title('events', event.kind)} ${format.day(event.on)}`} onClick={() => onCorrect(event)}>{words.eventCorrect}</Button></td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Enters what happened, or corrects what is on record; the record as it was stays in the timeline. */
export function EventPanel({ view, asOf, event, onSaved, onClose }: { view: ProjectView; asOf: string; event: ProjectEvent | null; onSaved: (late: boolean) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const { options, title } = useProjectLists();
  const [id] = useState(newId);
  const [fact, setFact] = useState<Omit<ProjectEvent, 'id'>>(() => {
    if (event === null) return { kind: 'signing', on: asOf };
    return laid<Omit<ProjectEvent, 'id'> & { id?: string }>(event, { id: undefined });
  });
  const [amount, setAmount] = useState(typedOf(fact.amount_fen));
  const [source, setSource] = useState('');
  const set = (change: Change<Omit<ProjectEvent, 'id'>>) => setFact(laid(fact, change));
  const has = (answer: (typeof answers)[string][number]) => (answers[fact.kind] ?? []).includes(answer);
  const reason = (fact.reason ?? '').trim();
  const fen = fenOf(amount);
  const needsReason = event !== null || fact.void === true;
  const wrong = fact.on === '' || (has('amount') && (wrongAmount(amount) || (fen === undefined && fact.kind !== 'signing'))) || (has('stage') && !fact.stage) || (needsReason && reason === '');
  const rest = laid(fact, { amount_fen: undefined });
  return (
    <FormPanel title={event === null ? words.eventAdd : `${words.eventCorrect}: ${title('events', event.kind)}`} view={view} wrong={wrong} onSaved={onSaved} onClose={onClose} send={(newest) => take(api.PUT('/api/projects/{id}/events/{fact}', {
      params: { path: { id: newest.id, fact: event?.id ?? id }, ...(event === null ? {} : { header: { 'If-Match': `"${newest.version}"` } }) },
      body: { source, ...(event === null ? {} : { reason }), fact: { ...rest, ...(reason === '' ? {} : { reason }), ...(has('amount') && fen !== undefined ? { amount_fen: fen } : {}) } },
    }))}>
      {event === null && <Field label={words.eventKind}><Choice value={fact.kind} options={options('events')} onChange={(kind) => setFact({ kind, on: fact.on, ...(fact.reason === undefined ? {} : { reason: fact.reason }) })} /></Field>}
      <Field label={words.on}><Input type="date" value={fact.on} onChange={(change) => set({ on: change.target.value })} /></Field>
      {has('bound') && <p><Checkbox checked={fact.no_later_than === true} onChange={(change) => set({ no_later_than: change.target.checked })}>{words.eventBound}</Checkbox></p>}
      {has('stage') && <Field label={words.stages}><Choice value={fact.stage ?? ''} options={[['', words.stageUnstated], ...options('stages')]} onChange={(stage) => set({ stage })} /></Field>}
      {has('phase') && <Field label={words.phase}><Input inputMode="numeric" value={fact.phase === undefined ? '' : String(fact.phase)} onChange={(change) => set({ phase: /^\d+$/.test(change.target.value) ? Number(change.target.value) : undefined })} /></Field>}
      {has('amount') && <Field label={words.eventAmount} help={words.eventAmountHelp} error={wrongAmount(amount) ? words.amountWrong : undefined}><Input inputMode="decimal" value={amount} onChange={(change) => setAmount(change.target.value)} /></Field>}
      {has('basis') && <Field label={words.moneyBasis}><Choice value={fact.basis ?? ''} options={[['', words.confidenceNone], ...options('bases')]} onChange={(basis) => set({ basis: basis === '' ? undefined : basis })} /></Field>}
      {has('agreement') && <Field label={words.factAgreements}><NounSelect kind="agreement" value={fact.agreement} onChange={(agreement) => set({ agreement })} /></Field>}
      {has('organisation') && <Field label={words.factParties}><NounSelect kind="organisation" value={fact.organisation} onChange={(organisation) => set({ organisation })} /></Field>}
      {has('occasion') && <Field label={words.eventOccasion}><Input value={fact.occasion ?? ''} onChange={(change) => set({ occasion: change.target.value === '' ? undefined : change.target.value })} /></Field>}
      {event !== null && <p><Checkbox checked={fact.void === true} onChange={(change) => set({ void: change.target.checked })}>{words.eventVoid}</Checkbox></p>}
      <Field label={words.reason} help={needsReason ? words.eventWhy : undefined}><Input value={fact.reason ?? ''} onChange={(change) => set({ reason: change.target.value })} /></Field>
      <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(change) => setSource(change.target.value)} /></Field>
    </FormPanel>
  );
}
