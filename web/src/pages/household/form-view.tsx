import type { Schemas } from '../../api/client';
import { useForm } from '../../kit/form';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { Members } from './members';
import { One, type Editing } from './one';
import { grouped, type Answer } from './record';

/** The form as it was entered, in the groups of the paper form; while editing, with its fields. */
export function FormView({ view, editing }: { view: Schemas['HouseholdView']; editing: Editing | null }) {
  const words = useWords(zh, en);
  const text = useText();
  const form = useForm().data;
  const record = view.record as Answer;
  return (
    <div className="paper">
      {grouped(form?.fields ?? []).map(([group, some]) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h3 id={`group-${group}`}>{words.groups[group]}</h3>
          <div className="answers">
            {some.map((field) => <One key={field.path} view={view} field={field} where={field.path} record={record} editing={editing} />)}
          </div>
        </section>
      ))}
      <Members view={view} editing={editing} />
      <p className="quiet">{(form && text(form.title)) ?? ''}</p>
    </div>
  );
}
