import type { Schemas } from '../../api/client';
import { useMay } from '../../app/session';
import { Field } from '../../kit/field';
import { useForm, type FormField } from '../../kit/form';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { useAnswerText } from './answer';
import { wrongWith } from './check';
import { Editor, edits } from './editor';
import { answerAt, grouped, itemsOf, uuidOf, type Answer, type Changes } from './record';
import { ShowSensitive } from './show-sensitive';

export interface Editing {
  changes: Changes;
  asOf: string;
  /** wrong is what the server found, by place. */
  wrong: Record<string, string>;
  onChange: (where: string, answer: Answer) => void;
}

/** The form as it was entered, in the groups of the paper form; while editing, with its fields. */
export function FormView({ view, editing }: { view: Schemas['HouseholdView']; editing: Editing | null }) {
  const words = useWords(zh, en);
  const text = useText();
  const form = useForm().data;
  const record = view.record as Answer;
  const fields = form?.fields ?? [];
  const members = fields.find((field) => field.path === 'members')?.fields?.filter((field) => field.type !== 'key') ?? [];
  return (
    <div className="paper">
      {grouped(fields).map(([group, some]) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h3 id={`group-${group}`}>{words.groups[group]}</h3>
          <div className="answers">
            {some.map((field) => <One key={field.path} view={view} field={field} where={field.path} record={record} editing={editing} />)}
          </div>
        </section>
      ))}
      <section aria-labelledby="group-members">
        <h3 id="group-members">{words.groups.members}</h3>
        {itemsOf(record, 'members').map((member, index) => (
          <details key={typeof member['person'] === 'string' ? member['person'] : index} className="member" open={editing !== null || index < 2}>
            <summary><Named fields={members} member={member} view={view} /></summary>
            <div className="answers">
              {members.map((field) => (
                <One key={field.path} view={view} field={field} where={`members[${index}].${field.path}`} record={member} editing={editing} {...(typeof member['person'] === 'string' ? { person: member['person'] } : {})} />
              ))}
            </div>
          </details>
        ))}
      </section>
      <p className="quiet">{(form && text(form.title)) ?? ''}</p>
    </div>
  );
}

function Named({ fields, member, view }: { fields: FormField[]; member: Answer; view: Schemas['HouseholdView'] }) {
  const read = useAnswerText(view.division);
  return ['name', 'relation', 'sex', 'born'].map((path) => {
    const field = fields.find((one) => one.path === path);
    const answer = answerAt(member, path);
    return field && answer !== undefined ? <span key={path}>{read(field, answer)} </span> : null;
  });
}

/** One answer: its words, or the means to change it. */
function One({ view, field, where, record, editing, person }: { view: Schemas['HouseholdView']; field: FormField; where: string; record: Answer; editing: Editing | null; person?: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const mayShow = useMay()('show_sensitive');
  const read = useAnswerText(view.division);
  const title = text(field.title);
  const answer = answerAt(record, field.path);
  if (editing && edits(field)) {
    const changed = where in editing.changes;
    const now = changed ? editing.changes[where] : answer;
    return (
      <div className={changed ? 'answer answer-changed' : 'answer'}>
        <Field label={<>{title}{changed && <span className="changed-mark"> · {words.changed}</span>}</>} error={wrongWith(field, now, words.wrong) || editing.wrong[where]}>
          <Editor field={field} answer={now} asOf={editing.asOf} onChange={(next) => editing.onChange(where, next)} />
        </Field>
      </div>
    );
  }
  const secret = field.type === 'secret';
  const hidden = answer === undefined && (view.hidden ?? []).includes(where);
  return (
    <div className="answer">
      <span className="answer-title">{title}</span>
      <span className={answer === undefined ? 'quiet' : field.type === 'number' || field.type === 'money' ? 'answer-number' : ''}>
        {secret && hidden && mayShow ? <ShowSensitive household={view.id} field={field.path} title={title} {...(person === undefined ? {} : { person: uuidOf(person) })} /> : hidden ? words.hidden : read(field, answer)}
      </span>
    </div>
  );
}
