import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useText, useWords } from '../../words/words';
import { Differences } from './differences';
import { VersionSteps } from './version-steps';

type Version = Schemas['DocumentView'];

/** A name without its version. */
const nameOf = (id: string) => id.split('@')[0] ?? id;

/** Every version of a document: how far each has come, what comes next, and how two of them differ in words. */
export function Versions({ documents, criteria, onOpen, onClose }: { documents: Version[]; criteria: string; onOpen: (id: string) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const states: Record<string, string> = words.states;
  const text = useText();
  const format = useFormat();
  const own = documents.filter((one) => nameOf(one.id) === nameOf(criteria));
  const [shown, show] = useState<string | null>(criteria);
  const chosen = own.find((one) => one.id === shown);
  return (
    <Panel title={words.versions} onClose={onClose}>
      <p className="quiet">{words.versionsAbout}</p>
      <table className="table versions">
        <thead><tr><th scope="col">{words.version}</th><th scope="col">{words.state}</th><th scope="col">{words.inForceFrom}</th><th scope="col">{words.note}</th></tr></thead>
        <tbody>
          {own.map((one) => (
            <tr key={one.id} aria-current={one.id === shown ? 'true' : undefined}>
              <td><button type="button" className="link" aria-expanded={one.id === shown} onClick={() => show(one.id === shown ? null : one.id)}>{one.id.split('@')[1]}</button>{one.shipped && <span className="quiet"> {words.shipped}</span>}</td>
              <td><span className={`state state-${one.state}`}>{states[one.state] ?? one.state}</span></td>
              <td>{one.from !== undefined && one.state !== 'draft' && one.state !== 'tested' ? words.period(format.day(one.from), one.until === undefined ? '' : format.day(one.until)) : '—'}</td>
              <td data-of-the-city>{one.note}{one.recorded_at !== undefined && <span className="quiet"> {format.day(one.recorded_at.slice(0, 10))}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && (
        <section aria-label={chosen.id}>
          <h3 data-of-the-city>{text(chosen.title)} {chosen.id}</h3>
          <VersionSteps key={chosen.id} version={chosen} />
          {chosen.id !== criteria && <p><Button onClick={() => onOpen(chosen.id)}>{words.openInLab}</Button></p>}
        </section>
      )}
      <Compare key={shown} versions={documents} first={own.find((one) => one.state === 'in_force')?.id ?? criteria} second={shown ?? criteria} />
    </Panel>
  );
}

function Compare({ versions, first, second }: { versions: Version[]; first: string; second: string }) {
  const words = useWords(zh, en);
  const [one, setOne] = useState(first);
  const [other, setOther] = useState(second);
  const options = versions.map((version): [string, string] => [version.id, version.id]);
  const answer = useQuery({
    queryKey: ['criteria-difference', one, other],
    queryFn: () => take(api.GET('/api/criteria/{id}/difference/{other}', { params: { path: { id: one, other } } })),
    enabled: one !== other,
  });
  return (
    <section aria-label={words.compare}>
      <h3>{words.compare}</h3>
      <div className="filters">
        <Field label={words.earlier}><Choice value={one} options={options} onChange={setOne} /></Field>
        <Field label={words.later}><Choice value={other} options={options} onChange={setOther} /></Field>
      </div>
      {one === other ? <p className="quiet">{words.chooseTwo}</p> : answer.isPending ? <Waiting lines={3} /> : answer.isError ? <ProblemMessage error={answer.error} retry={() => void answer.refetch()} /> : <Differences differences={answer.data.differences ?? []} />}
    </section>
  );
}
