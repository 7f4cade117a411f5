import type { Schemas } from '../../api/client';
import { useMay } from '../../app/session';
import { Field } from '../../kit/field';
import type { FormField } from '../../kit/form';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { useAnswerText } from './answer';
import { wrongWith } from './check';
import { Editor, edits } from './editor';
import { answerAt, uuidOf, type Answer, type Changes } from './record';
import { ShowSensitive } from './show-sensitive';

export interface Editing {
  changes: Changes;
  asOf: string;
  /** event is why members join or leave in this draft; null while none does. */
  event: string | null;
  /** wrong is what the server found, by place. */
  wrong: Record<string, string>;
  onChange: (where: string, answer: Answer) => void;
  onDrop: (where: string) => void;
  onJoin: (event: string) => void;
  onLeave: (key: string, event: string, reason: string) => void;
  onStay: (key: string) => void;
}

/** One answer: its words, or the means to change it. */
export function One({ view, field, where, record, editing, person }: { view: Schemas['HouseholdView']; field: FormField; where: string; record: Answer; editing: Editing | null; person?: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const mayShow = useMay()('show_sensitive');
  const read = useAnswerText(view.division);
  const title = text(field.title);
  const answer = answerAt(record, field.path);
  const hidden = answer === undefined && (view.hidden ?? []).includes(field.path);
  const secret = field.type === 'secret';
  if (editing && edits(field) && (secret || !hidden)) {
    const changed = where in editing.changes;
    const now = changed ? editing.changes[where] : answer;
    return (
      <div className={`answer ${changed ? 'answer-changed' : ''} ${field.type === 'list' ? 'answer-list' : ''}`}>
        <Field label={<>{title}{changed && <span className="changed-mark"> · {words.changed}</span>}</>} error={wrongWith(field, now, words.wrong) || editing.wrong[where]}>
          <Editor field={field} answer={now} asOf={editing.asOf} onChange={(next) => (secret && next === '' ? editing.onDrop(where) : editing.onChange(where, next))} />
        </Field>
      </div>
    );
  }
  return (
    <div className="answer">
      <span className="answer-title">{title}</span>
      <span className={answer === undefined ? 'quiet' : field.type === 'number' || field.type === 'money' ? 'answer-number' : ''}>
        {secret && hidden && mayShow ? <ShowSensitive household={view.id} field={field.path} title={title} {...(person === undefined ? {} : { person: uuidOf(person) })} /> : hidden ? words.hidden : read(field, answer)}
      </span>
    </div>
  );
}
