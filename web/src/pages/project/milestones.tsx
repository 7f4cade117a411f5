import { Button, Input } from 'antd';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { newId } from '../../api/id';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { stateOf } from '../gantt/scale';
import { FormPanel, sendDocument } from './saving';
import type { ProjectView } from './view';

export type Milestone = Schemas['PortfolioMilestoneBar'];

/** The milestones: due, met, late or overdue, with the day that was first set for those that were put off. */
export function Milestones({ view, asOf, mayWrite, onAdd, onMark }: { view: ProjectView; asOf: string; mayWrite: boolean; onAdd: () => void; onMark: (one: Milestone) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const all = view.milestones ?? [];
  return (
    <section aria-labelledby="milestones">
      <h2 id="milestones">{words.milestones} {mayWrite && <Button size="small" onClick={onAdd}>{words.milestoneAdd}</Button>}</h2>
      {all.length === 0 ? <p className="quiet">{words.milestonesNone}</p> : (
        <table className="table">
          <thead><tr><th scope="col">{words.milestoneTitle}</th><th scope="col">{words.milestoneDue}</th><th scope="col">{words.milestoneMet}</th><th scope="col">{words.milestoneState}</th>{mayWrite && <td />}</tr></thead>
          <tbody>
            {all.map((one) => {
              const { state, late, moved } = stateOf(one, asOf);
              return (
                <tr key={one.id}>
                  <td data-of-the-city>{one.title}</td>
                  <td className="nowrap">{format.day(one.due)} {moved && <span className="quiet">{words.milestoneFirst(format.day(one.first_due))}</span>}</td>
                  <td className="nowrap">{format.day(one.met)}</td>
                  <td className={`milestone-${state}`}>{words.milestoneStates[state]}{late > 0 && ` · ${words.milestoneLate(format.number(late))}`}</td>
                  {mayWrite && <td className="n"><Button size="small" type="link" aria-label={`${words.milestoneMark}, ${words.milestonePut}: ${one.title}`} onClick={() => onMark(one)}>{one.met === undefined ? words.milestoneMark : words.milestonePut}</Button></td>}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Adds a milestone, or says of one when it was met or for when it is put off. */
export function MilestonePanel({ view, asOf, milestone, onSaved, onClose }: { view: ProjectView; asOf: string; milestone: Milestone | null; onSaved: (late: boolean) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const [id] = useState(newId);
  const [title, setTitle] = useState(milestone?.title ?? '');
  const [due, setDue] = useState(milestone?.due ?? '');
  const [met, setMet] = useState(milestone === null ? '' : (milestone.met ?? asOf));
  const [source, setSource] = useState('');
  const one = { id: milestone?.id ?? id, title: title.trim(), due, ...(milestone?.phase === undefined ? {} : { phase: milestone.phase }), ...(met === '' ? {} : { met }) };
  return (
    <FormPanel
      title={milestone === null ? words.milestoneAdd : milestone.title} view={view} wrong={one.title === '' || due === ''} onSaved={onSaved} onClose={onClose}
      send={sendDocument((document) => ({ ...document, milestones: [...(document.milestones ?? []).filter((other) => other.id !== one.id), one].sort((a, b) => a.due.localeCompare(b.due)) }), asOf, source)}
    >
      <Field label={words.milestoneTitle} error={title.trim() === '' && title !== '' ? words.needed : undefined}><Input value={title} onChange={(event) => setTitle(event.target.value)} /></Field>
      <Field label={words.milestoneDue} help={milestone === null ? undefined : words.milestoneFirst(milestone.first_due)}><Input type="date" value={due} onChange={(event) => setDue(event.target.value)} /></Field>
      <Field label={words.milestoneMet}><Input type="date" value={met} onChange={(event) => setMet(event.target.value)} /></Field>
      <Field label={words.source} help={words.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
    </FormPanel>
  );
}
