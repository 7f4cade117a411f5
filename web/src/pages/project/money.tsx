import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { newId } from '../../api/id';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useText, useWords } from '../../words/words';
import { useProjectLists } from '../portfolio/lists';
import { FormPanel, sendDocument } from './saving';
import { fenOf, wrongAmount, type Project, type ProjectView } from './view';

/** What the project counts for and why, and its money planned, revised, arrived and spent, by year and source. */
export function Money({ view, mayWrite, onRecord }: { view: ProjectView; mayWrite: boolean; onRecord: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const lists = useProjectLists();
  return (
    <section aria-labelledby="money">
      <h2 id="money">{words.money} {mayWrite && <Button size="small" onClick={onRecord}>{words.moneyRecord}</Button>}</h2>
      <dl className="pairs">
        <dt>{words.moneyCounted}</dt>
        <dd>{!view.counted ? words.moneyNotCounted : view.amount_fen === undefined ? words.moneyUnknown : <><strong className="n">{format.amount(view.amount_fen)}</strong> {format.amountUnit}</>}</dd>
        {view.basis && <><dt>{words.moneyBasis}</dt><dd>{lists.title('bases', view.basis)}</dd></>}
        {view.counted_on && <><dt>{words.moneyCountedOn}</dt><dd>{view.no_later_than ? words.noLater(format.day(view.counted_on)) : format.day(view.counted_on)}</dd></>}
      </dl>
      {(view.count ?? []).length > 0 && (
        <details>
          <summary>{words.moneySteps} <span className="quiet">{lists.rules?.counting.id}</span></summary>
          <table className="table">
            <tbody>
              {(view.count ?? []).map((step) => (
                <tr key={step.event.id}>
                  <td className="nowrap">{format.day(step.event.on)}</td>
                  <td>{lists.title('events', step.event.kind)} {step.event.amount_fen !== undefined && <span className="n">{format.amount(step.event.amount_fen)}</span>} {lists.title('bases', step.event.basis)}</td>
                  <td className="nowrap">{step.took ? words.moneyTook : words.moneyNot}</td>
                  <td className="quiet">{text(step.rule.text)}</td>
                  <td className="n">{step.after_fen === undefined ? '' : format.amount(step.after_fen)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <h3>{words.moneyPlan} <span className="quiet">{format.amountUnit}</span></h3>
      <Plan document={view.document} />
      <Sources view={view} />
    </section>
  );
}

/** The plan by year and source: a revised amount stands in place of the first, which stays to be seen. */
function Plan({ document }: { document: Project }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { title } = useProjectLists();
  const rows = new Map<string, { year: number; source: string; planned?: number; revised?: number }>();
  for (const one of document.plan ?? []) {
    const key = `${one.year} ${one.source ?? ''}`;
    const row = rows.get(key) ?? { year: one.year, source: one.source ?? '' };
    rows.set(key, { ...row, [one.revised ? 'revised' : 'planned']: one.amount_fen });
  }
  if (rows.size === 0) return <p className="quiet">{words.moneyPlanNone}</p>;
  return (
    <table className="table">
      <thead><tr><th scope="col">{words.moneyYear}</th><th scope="col">{words.moneySource}</th><th scope="col" className="n">{words.moneyPlanned}</th><th scope="col" className="n">{words.moneyRevised}</th></tr></thead>
      <tbody>
        {[...rows.values()].sort((a, b) => a.year - b.year || a.source.localeCompare(b.source)).map((row) => (
          <tr key={`${row.year} ${row.source}`}>
            <td>{row.year}</td><td>{row.source === '' ? words.moneyAllSources : title('sources', row.source)}</td><td className={row.revised === undefined ? 'n' : 'n struck'}>{format.amount(row.planned)}</td><td className="n">{format.amount(row.revised)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Money arrived and spent by source, by the last report. */
function Sources({ view }: { view: ProjectView }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { title } = useProjectLists();
  const last = (view.reports ?? []).at(-1);
  if (!last || (last.arrived ?? []).length + (last.spent ?? []).length === 0) return null;
  const sources = [...new Set([...(last.arrived ?? []), ...(last.spent ?? [])].map((fund) => fund.source ?? ''))];
  const of = (funds: Project['plan'] | typeof last.arrived, source: string) => (funds ?? []).find((fund) => (fund.source ?? '') === source)?.amount_fen;
  return (
    <>
      <h3>{words.moneyArrived}, {words.moneySpent} <span className="quiet">{format.amountUnit}, {words.moneyAsReported(last.month.slice(0, 7))}</span></h3>
      <table className="table">
        <thead><tr><th scope="col">{words.moneySource}</th><th scope="col" className="n">{words.moneyArrived}</th><th scope="col" className="n">{words.moneySpent}</th></tr></thead>
        <tbody>{sources.map((source) => <tr key={source}><td>{source === '' ? words.moneyAllSources : title('sources', source)}</td><td className="n">{format.amount(of(last.arrived, source))}</td><td className="n">{format.amount(of(last.spent, source))}</td></tr>)}</tbody>
        {view.arrived_fen !== undefined && <tfoot><tr><th scope="row">{words.moneyAsReported(last.month.slice(0, 7))}</th><td className="n">{format.amount(view.arrived_fen)}</td><td className="n">{format.amount(view.spent_fen)}</td></tr></tfoot>}
      </table>
    </>
  );
}

const withAmount = ['signing', 'increase', 'revision'] as const;

/** Records money: what was signed, added or revised, or the plan of a year from a source. */
export function MoneyPanel({ view, asOf, onSaved, onClose }: { view: ProjectView; asOf: string; onSaved: (late: boolean) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const { options, title } = useProjectLists();
  const [kind, setKind] = useState<string>('plan');
  const [on, setOn] = useState(asOf);
  const [amount, setAmount] = useState('');
  const [basis, setBasis] = useState('');
  const [year, setYear] = useState(asOf.slice(0, 4));
  const [from, setFrom] = useState('');
  const [revised, setRevised] = useState(false);
  const [reason, setReason] = useState('');
  const [source, setSource] = useState('');
  const [id] = useState(newId);
  const fen = fenOf(amount);
  const plan = kind === 'plan';
  const send = plan
    ? sendDocument((document) => ({ ...document, plan: [...(document.plan ?? []).filter((one) => !(one.year === Number(year) && (one.source ?? '') === from && (one.revised ?? false) === revised)), { year: Number(year), amount_fen: fen ?? 0, revised, ...(from === '' ? {} : { source: from }) }] }), on, source)
    : (newest: ProjectView) => take(api.PUT('/api/projects/{id}/events/{fact}', { params: { path: { id: newest.id, fact: id } }, body: { source, fact: { kind, on, amount_fen: fen, ...(basis === '' ? {} : { basis }), ...(reason.trim() === '' ? {} : { reason: reason.trim() }) } } }));
  const wrong = fen === undefined || wrongAmount(amount) || on === '' || (plan && !/^(19|20|21)\d\d$/.test(year));
  return (
    <FormPanel title={words.moneyRecord} view={view} wrong={wrong} send={send} onSaved={onSaved} onClose={onClose}>
      <Field label={words.eventKind}><Choice value={kind} options={[['plan', words.planRow], ...withAmount.map((one): [string, string] => [one, title('events', one)])]} onChange={setKind} /></Field>
      {plan && <Field label={words.moneyYear}><Input inputMode="numeric" value={year} onChange={(event) => setYear(event.target.value)} /></Field>}
      {plan && <Field label={words.moneySource}><Choice value={from} options={[['', words.moneyAllSources], ...options('sources')]} onChange={setFrom} /></Field>}
      <Field label={words.eventAmount} help={plan ? undefined : words.eventAmountHelp} error={wrongAmount(amount) ? words.amountWrong : undefined}><Input inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} /></Field>
      {plan && <p><Checkbox checked={revised} onChange={(event) => setRevised(event.target.checked)}>{words.revisedPlan}</Checkbox></p>}
      {!plan && <Field label={words.moneyBasis}><Choice value={basis} options={[['', words.confidenceNone], ...options('bases')]} onChange={setBasis} /></Field>}
      <Field label={words.on}><Input type="date" value={on} onChange={(event) => setOn(event.target.value)} /></Field>
      {!plan && <Field label={words.reason}><Input value={reason} onChange={(event) => setReason(event.target.value)} /></Field>}
      <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
    </FormPanel>
  );
}
