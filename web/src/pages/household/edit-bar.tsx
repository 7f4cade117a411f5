import { Button, Input, Select } from 'antd';

import { Field } from '../../kit/field';
import { useForm } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { membersChange, type HouseholdDraft } from './draft';

/** What belongs to the change as a whole, and the means to keep it, take a step back or drop it. */
export function EditBar({ draft, wrong, saving, onChange, onSave, onUndo, onDiscard }: { draft: HouseholdDraft; wrong: boolean; saving: boolean; onChange: (change: Partial<HouseholdDraft>) => void; onSave: () => void; onUndo: () => void; onDiscard: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const fixed = membersChange(draft); // who joins or leaves says why already
  const events = (useForm().data?.events ?? []).filter((event) => (fixed ? event.code === draft.event : ['visited', 'corrected', 'rechecked'].includes(event.code)));
  const count = Object.keys(draft.changes).length;
  return (
    <form className="edit-bar" onSubmit={(event) => {
      event.preventDefault();
      onSave();
    }}>
      <p role="status">{words.editing}</p>
      <div className="row-form">
        <Field label={words.valid}><Input type="date" value={draft.valid} onChange={(event) => onChange({ valid: event.target.value })} /></Field>
        <Field label={words.event}><Select value={draft.event} options={events.map((event) => ({ value: event.code, label: text(event.title) }))} onChange={(event: string) => onChange({ event })} /></Field>
        <Field label={words.source} help={words.sourceHelp}><Input value={draft.source} onChange={(event) => onChange({ source: event.target.value })} /></Field>
        {(fixed || draft.reason !== '') && <Field label={words.reason}><Input value={draft.reason} onChange={(event) => onChange({ reason: event.target.value })} /></Field>}
      </div>
      <p className="actions">
        <Button type="primary" htmlType="submit" loading={saving} disabled={count === 0 || wrong || draft.source.trim() === ''}>{words.save(format.number(count))}</Button>
        <Button onClick={onUndo} disabled={draft.steps.length === 0}>{words.undo}</Button>
        <Button onClick={onDiscard}>{words.discard}</Button>
      </p>
    </form>
  );
}
