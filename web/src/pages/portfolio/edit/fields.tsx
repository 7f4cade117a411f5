import { Button, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';

import { Choice } from '../../../kit/choice';
import { Field } from '../../../kit/field';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { fenOf, numberOf, typedOf, wrongAmount } from '../../project/view';
import { useNouns } from '../filters';
import { useProjectLists } from '../lists';
import { laid, type Change } from './merge';

type Set<T> = (value: T | undefined) => void;

/** The title of an answer. */
export function useTitles() {
  return useWords(zh, en).fields;
}

export function TextField({ label, value, error, onChange }: { label: string; value: string | undefined; error?: string | undefined; onChange: Set<string> }) {
  return <Field label={label} error={error}><Input value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} /></Field>;
}

export function DayField({ label, value, onChange }: { label: string; value: string | undefined; onChange: Set<string> }) {
  return <Field label={label}><Input type="date" value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} /></Field>;
}

/** A word of a code list, or none. */
export function CodeField({ label, list, value, needed, onChange }: { label: string; list: string; value: string | undefined; needed?: boolean; onChange: Set<string> }) {
  const words = useWords(zh, en);
  const { options } = useProjectLists();
  return <Field label={label}><Choice value={value ?? ''} options={[...(needed === true && value ? [] : [['', words.unstated] as [string, string]]), ...options(list)]} onChange={(next) => onChange(next === '' ? undefined : next)} /></Field>;
}

/** A whole number, or none. What is no number stays on the screen and is said to be wrong; it is kept as NaN, which wrongNumber tells. */
export function NumberField({ label, value, onChange }: { label: string; value: number | undefined | null; onChange: Set<number> }) {
  const words = useWords(zh, en);
  const [typed, setTyped] = useState(value === undefined || value === null ? '' : String(value));
  return (
    <Field label={label} error={wrongNumber(numberOf(typed)) ? words.wholeNumber : undefined}>
      <Input inputMode="numeric" value={typed} onChange={(event) => {
        setTyped(event.target.value);
        onChange(numberOf(event.target.value));
      }} />
    </Field>
  );
}

/** Whether a number that was typed is not a whole one from 0. A draft that is read again has null for what was no number. */
export function wrongNumber(value: number | null | undefined): boolean {
  return value === null || (value !== undefined && !(Number.isInteger(value) && value >= 0));
}

/** An amount typed in 100 million yuan, kept in fen. */
export function AmountInput({ label, value, onChange, ...field }: { label?: string; value: number | undefined | null; onChange: Set<number>; id?: string; 'aria-describedby'?: string; className?: string }) {
  const [typed, setTyped] = useState(typedOf(value ?? undefined));
  return (
    <input className={`number ${field.className ?? ''}`} inputMode="decimal" id={field.id} aria-describedby={field['aria-describedby']} aria-label={label} aria-invalid={wrongAmount(typed)} value={typed} onChange={(event) => {
      setTyped(event.target.value);
      onChange(wrongAmount(event.target.value) ? Number.NaN : fenOf(event.target.value));
    }} />
  );
}

/** Whether an amount that was typed is none. */
export function wrongFen(value: number | null | undefined): boolean {
  return value === null || Number.isNaN(value);
}

const paths = { organisation: '/api/organisations', agreement: '/api/agreements', platform: '/api/platforms' } as const;

function useChoices(kind: keyof typeof paths): { value: string; label: string }[] {
  const rows = useNouns(paths[kind]).data?.rows ?? [];
  return rows.map((row) => ({ value: row.id, label: row.organisation?.name ?? row.agreement?.name ?? row.platform?.name ?? '' }));
}

/** One organisation, agreement or platform, found by typing a part of its name. */
export function NounSelect({ label, kind, value, onChange, id }: { label?: string; kind: keyof typeof paths; value: string | undefined; onChange: Set<string>; id?: string }) {
  const words = useWords(zh, en);
  const options = useChoices(kind);
  return <Select allowClear showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={false} className="noun-select" {...(id === undefined ? {} : { id })} {...(label === undefined ? {} : { 'aria-label': label })} placeholder={words.choose} value={value ?? null} options={options} onChange={(chosen: string | null) => onChange(chosen ?? undefined)} />;
}

/** Several of them. */
export function NounsField({ label, kind, value, onChange }: { label: string; kind: keyof typeof paths; value: string[] | null | undefined; onChange: Set<string[]> }) {
  const words = useWords(zh, en);
  const options = useChoices(kind);
  return <Field label={label}><Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={false} className="noun-select" placeholder={words.choose} value={value ?? []} options={options} onChange={(chosen: string[]) => onChange(chosen.length === 0 ? undefined : chosen)} /></Field>;
}

/** Rows of a list of the document, each to be changed and taken away, with a way to add one. */
export function Rows<T extends object>({ title, columns, rows, empty, onChange, draw }: { title: string; columns: string[]; rows: T[]; empty: () => T; onChange: (rows: T[] | undefined) => void; draw: (row: T, set: (change: Change<T>) => void, label: (column: string) => string) => ReactNode[] }) {
  const words = useWords(zh, en);
  const change = (next: T[]) => onChange(next.length === 0 ? undefined : next);
  return (
    <fieldset className="noun-rows">
      <legend>{title}</legend>
      {rows.length > 0 && (
        <table className="table form-table">
          <thead><tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}<td /></tr></thead>
          <tbody>
            {rows.map((row, index) => {
              const label = (column: string) => `${title} ${index + 1} ${column}`;
              const cells = draw(row, (part) => change(rows.map((other, at) => (at === index ? laid(other, part) : other))), label);
              return (
                // rows have no name of their own until they are saved
                <tr key={`${index} ${rows.length}`}>
                  {cells.map((cell, at) => <td key={columns[at]}>{cell}</td>)}
                  <td className="n"><Button size="small" type="text" aria-label={words.remove(`${title} ${index + 1}`)} onClick={() => change(rows.filter((_, at) => at !== index))}>×</Button></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <p><Button size="small" onClick={() => change([...rows, empty()])}>{words.add(title)}</Button></p>
    </fieldset>
  );
}
