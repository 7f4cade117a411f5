import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { Choice } from '../../kit/choice';
import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';

/** How many changes of a revision stand open; the others are one press away. */
const shown = 6;

/** Every revision: who, when, from where, and what it changed. The newest stands first. */
export function Timeline({ revisions, current, onGo }: { revisions: Schemas['RevisionView'][]; current: string; onGo: (day: string) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const form = useFormWords();
  const [event, setEvent] = useState('');
  const newest = [...revisions].reverse();
  const first = newest.at(-1);
  const events = [...new Set(newest.map((revision) => revision.event))];
  return (
    <>
    {events.length > 1 && <Choice aria-label={words.historyOnly} value={event} options={[['', words.historyAll], ...events.map((code): [string, string] => [code, form.event(code)])]} onChange={setEvent} />}
    <ol className="timeline">
      {newest.filter((revision) => event === '' || revision.event === event).map((revision) => (
        <li key={revision.id} aria-current={revision.id === current}>
          <p>
            <button type="button" className="link" onClick={() => onGo(revision.valid)}>{format.day(revision.valid)}</button> <strong>{form.event(revision.event)}</strong>
          </p>
          <p className="quiet">{words.historyBy(revision.actor_name ?? revision.actor, revision.source ?? '')} {format.moment(revision.recorded_at)}</p>
          {revision.reason && <p className="quiet">{revision.reason}</p>}
          {revision === first ? <p>{words.firstEntry}</p> : <Changed changes={revision.changes ?? []} />}
        </li>
      ))}
    </ol>
    </>
  );
}

function Changed({ changes }: { changes: Schemas['RegistryChange'][] }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const line = (change: Schemas['RegistryChange'], index: number) => (
    <li key={`${change.path} ${change.member} ${index}`}>
      {change.member} {text(change.title)} <span className="quiet">{text(change.before)}</span> → {text(change.after) || words.hiddenChange}
    </li>
  );
  return (
    <>
      <ul className="plain">{changes.slice(0, shown).map(line)}</ul>
      {changes.length > shown && <details><summary>{words.more(format.number(changes.length - shown))}</summary><ul className="plain">{changes.slice(shown).map((change, index) => line(change, index + shown))}</ul></details>}
    </>
  );
}
