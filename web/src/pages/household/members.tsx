import { Button, Input } from 'antd';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useForm, useFormWords, type FormField } from '../../kit/form';
import { Panel } from '../../kit/panel';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useWords } from '../../words/words';
import { useAnswerText } from './answer';
import { One, type Editing } from './one';
import { answerAt, atMember, membersOf, type Answer } from './record';

/** Why somebody joins a household, and why somebody leaves it. */
const joining = ['born', 'married_in', 'moved_in', 'corrected'];
const leaving = ['died', 'married_out', 'moved_out', 'corrected'];

/** The members with their answers; while editing, with the means to add one and to say that one has gone. */
export function Members({ view, editing }: { view: Schemas['HouseholdView']; editing: Editing | null }) {
  const words = useWords(zh, en);
  const fields = useForm().data?.fields?.find((field) => field.path === 'members')?.fields?.filter((field) => field.type !== 'key') ?? [];
  const record = view.record as Answer;
  const [asking, setAsking] = useState<{ key: string; name: string } | 'join' | null>(null);
  return (
    <section aria-labelledby="group-members">
      <h3 id="group-members">{words.groups.members}</h3>
      {membersOf(record, editing?.changes).map((member, index) => {
        const name = editing?.changes[atMember(member.key, 'name')] ?? answerAt(member.answers, 'name');
        const said = typeof name === 'string' ? name : words.memberNew;
        if (member.leaves)
          return <p key={member.key} className="answer-changed member-gone"><s>{said}</s> {words.memberLeaves} <Button size="small" onClick={() => editing?.onStay(member.key)}>{words.memberStay}</Button></p>;
        return (
          <details key={member.key} className="member" open={editing !== null || index < 2}>
            <summary>{member.joins ? <>{said} <span className="changed-mark">· {words.memberJoins}</span></> : <Named fields={fields} member={member.answers} view={view} />}</summary>
            <div className="answers">
              {fields.map((field) => (
                <One key={field.path} view={view} field={field} where={atMember(member.key, field.path)} record={member.answers} editing={editing} {...(member.joins ? {} : { person: member.key })} />
              ))}
            </div>
            {editing && (
              <p className="actions">
                {member.joins ? <Button size="small" onClick={() => editing.onStay(member.key)}>{words.memberNotJoin(said)}</Button> : <Button size="small" onClick={() => setAsking({ key: member.key, name: said })}>{words.memberGone(said)}</Button>}
              </p>
            )}
          </details>
        );
      })}
      {editing && <Button onClick={() => setAsking('join')}>{words.memberAdd}</Button>}
      {editing && asking !== null && (
        <Why
          title={asking === 'join' ? words.memberAdd : words.memberGone(asking.name)}
          events={asking === 'join' ? joining : leaving}
          held={editing.event}
          reasoned={asking !== 'join'}
          onClose={() => setAsking(null)}
          onSaid={(event, reason) => {
            if (asking === 'join') editing.onJoin(event);
            else editing.onLeave(asking.key, event, reason);
            setAsking(null);
          }}
        />
      )}
    </section>
  );
}

/** Asks why. One entry of the ledger has one reason: where the draft has one already, another waits for the next. */
function Why({ title, events, held, reasoned, onClose, onSaid }: { title: string; events: string[]; held: string | null; reasoned: boolean; onClose: () => void; onSaid: (event: string, reason: string) => void }) {
  const words = useWords(zh, en);
  const form = useFormWords();
  const may = held === null ? events : events.filter((event) => event === held);
  const [event, setEvent] = useState(may[0] ?? '');
  const [reason, setReason] = useState('');
  return (
    <Panel title={title} onClose={onClose}>
      {may.length === 0 ? <p role="alert">{words.memberOther(form.event(held ?? ''))}</p> : (
        <form className="stack" onSubmit={(submitted) => {
          submitted.preventDefault();
          onSaid(event, reason.trim());
        }}>
          <Field label={words.event}><Choice value={event} options={may.map((code) => [code, form.event(code)])} onChange={setEvent} /></Field>
          {reasoned && <Field label={words.reason} help={words.memberReasonHelp}><Input value={reason} onChange={(changed) => setReason(changed.target.value)} /></Field>}
          <Button type="primary" htmlType="submit" disabled={reasoned && reason.trim() === ''}>{words.memberSay}</Button>
        </form>
      )}
    </Panel>
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
