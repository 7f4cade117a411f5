import { Input } from 'antd';
import { useState, type ReactElement } from 'react';

import { api, take } from '../../api/client';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { useProjectLists } from '../portfolio/lists';
import { FormPanel } from './saving';
import { fenOf, monthEnd, numberOf, typedOf, wrongAmount, wrongPercent, type ProjectView, type Report } from './view';

/** A report as it is typed: numbers are text until they are sent. */
interface Typed {
  month: string;
  physical: string;
  planned: string;
  arrived_due: string;
  confidence: string;
  note: string;
  arrived: Record<string, string>;
  spent: Record<string, string>;
}

const percents = ['physical', 'planned', 'arrived_due', 'confidence'] as const;
const noSource = '';

function typedReport(month: string, report: Report | undefined): Typed {
  const text = (value: number | undefined) => (value === undefined ? '' : String(value));
  const funds = (list: Report['arrived']) => Object.fromEntries((list ?? []).map((fund) => [fund.source ?? noSource, typedOf(fund.amount_fen)]));
  return {
    month, physical: text(report?.physical), planned: text(report?.planned), arrived_due: text(report?.arrived_due), confidence: text(report?.confidence), note: report?.note ?? '',
    arrived: funds(report?.arrived), spent: funds(report?.spent),
  };
}

function factOf(typed: Typed): Partial<Report> {
  const funds = (by: Record<string, string>) => Object.entries(by).flatMap(([source, amount]) => {
    const fen = fenOf(amount);
    return fen === undefined ? [] : [{ amount_fen: fen, ...(source === noSource ? {} : { source }) }];
  });
  const fact: Partial<Report> = {};
  for (const name of percents) {
    const value = numberOf(typed[name]);
    if (value !== undefined) fact[name] = value;
  }
  if (typed.note.trim() !== '') fact.note = typed.note.trim();
  const [arrived, spent] = [funds(typed.arrived), funds(typed.spent)];
  return { ...fact, ...(arrived.length > 0 ? { arrived } : {}), ...(spent.length > 0 ? { spent } : {}) };
}

/** Reports a month, or corrects the report of one. What was typed survives a reload until it is saved or dropped. */
export function ReportPanel({ view, asOf, onSaved, onClose }: { view: ProjectView; asOf: string; onSaved: (late: boolean) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const { options, title } = useProjectLists();
  const there = (month: string) => (view.reports ?? []).find((report) => report.month === monthEnd(month));
  const [draft, keep] = useDraft<Typed>(`report.${view.id}`);
  const [source, setSource] = useState('');
  const begun = asOf.slice(0, 7);
  const typed = draft ?? typedReport(begun, there(begun));
  const set = (change: Partial<Typed>) => keep({ ...typed, ...change });
  const sources = [noSource, ...options('sources').map(([code]) => code)];
  const amounts = Object.values({ ...typed.arrived, ...Object.fromEntries(Object.entries(typed.spent).map(([key, value]) => [`s${key}`, value])) });
  const wrong = typed.month === '' || percents.some((name) => wrongPercent(typed[name])) || amounts.some(wrongAmount) || Object.keys(factOf(typed)).length === 0;
  const percent = (name: (typeof percents)[number], label: string): ReactElement => (
    <Field label={label} help={words.percentHelp} error={wrongPercent(typed[name]) ? words.percentWrong : undefined}><Input inputMode="decimal" suffix="%" value={typed[name]} onChange={(event) => set({ [name]: event.target.value })} /></Field>
  );
  const close = () => {
    keep(null);
    onClose();
  };
  return (
    <FormPanel
      title={words.progressReport} view={view} wrong={wrong} onClose={close}
      onSaved={(late) => {
        keep(null);
        onSaved(late);
      }}
      send={(newest) => take(api.PUT('/api/projects/{id}/reports/{fact}', {
        params: { path: { id: newest.id, fact: monthEnd(typed.month) }, ...((newest.reports ?? []).some((report) => report.month === monthEnd(typed.month)) ? { header: { 'If-Match': `"${newest.version}"` } } : {}) },
        body: { source, fact: factOf(typed) },
      }))}
    >
      <Field label={words.month} help={there(typed.month) ? words.monthThere : words.monthHelp}><Input type="month" value={typed.month} onChange={(event) => keep(typedReport(event.target.value, there(event.target.value)))} /></Field>
      <div className="pair-fields">{percent('physical', words.physical)}{percent('planned', words.planned)}{percent('arrived_due', words.financialDue)}{percent('confidence', words.confidence)}</div>
      <table className="table form-table">
        <thead><tr><th scope="col">{words.moneySource}</th><th scope="col" className="n">{words.amountIn(words.moneyArrived)}</th><th scope="col" className="n">{words.amountIn(words.moneySpent)}</th></tr></thead>
        <tbody>
          {sources.map((code) => {
            const name = code === noSource ? words.moneyAllSources : title('sources', code);
            return (
              <tr key={code}>
                <td>{name}</td>
                {(['arrived', 'spent'] as const).map((what) => (
                  <td key={what} className="n"><input className="number" inputMode="decimal" aria-label={`${name} ${words.amountIn(what === 'arrived' ? words.moneyArrived : words.moneySpent)}`} aria-invalid={wrongAmount(typed[what][code] ?? '')} value={typed[what][code] ?? ''} onChange={(event) => set({ [what]: { ...typed[what], [code]: event.target.value } })} /></td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {amounts.some(wrongAmount) && <p className="field-error" role="alert">{words.amountWrong}</p>}
      <Field label={words.note}><Input.TextArea rows={2} value={typed.note} onChange={(event) => set({ note: event.target.value })} /></Field>
      <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
    </FormPanel>
  );
}

/** States what an inspection found in a month. */
export function InspectionPanel({ view, asOf, onSaved, onClose }: { view: ProjectView; asOf: string; onSaved: (late: boolean) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const [month, setMonth] = useState(asOf.slice(0, 7));
  const [physical, setPhysical] = useState('');
  const [confidence, setConfidence] = useState('');
  const [note, setNote] = useState('');
  const [source, setSource] = useState('');
  const fact = { ...(physical.trim() === '' ? {} : { physical: numberOf(physical) }), ...(confidence.trim() === '' ? {} : { confidence: numberOf(confidence) }), ...(note.trim() === '' ? {} : { note: note.trim() }) };
  const wrong = month === '' || wrongPercent(physical) || wrongPercent(confidence) || Object.keys(fact).length === 0;
  return (
    <FormPanel title={words.progressInspect} view={view} wrong={wrong} onSaved={onSaved} onClose={onClose} send={(newest) => take(api.PUT('/api/projects/{id}/inspections/{fact}', {
      params: { path: { id: newest.id, fact: monthEnd(month) }, ...((newest.inspections ?? []).some((one) => one.month === monthEnd(month)) ? { header: { 'If-Match': `"${newest.version}"` } } : {}) }, body: { source, fact },
    }))}>
      <Field label={words.month}><Input type="month" value={month} onChange={(event) => setMonth(event.target.value)} /></Field>
      <Field label={words.physical} help={words.percentHelp} error={wrongPercent(physical) ? words.percentWrong : undefined}><Input inputMode="decimal" suffix="%" value={physical} onChange={(event) => setPhysical(event.target.value)} /></Field>
      <Field label={words.confidence} help={words.percentHelp} error={wrongPercent(confidence) ? words.percentWrong : undefined}><Input inputMode="decimal" suffix="%" value={confidence} onChange={(event) => setConfidence(event.target.value)} /></Field>
      <Field label={words.note}><Input.TextArea rows={2} value={note} onChange={(event) => setNote(event.target.value)} /></Field>
      <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
    </FormPanel>
  );
}
