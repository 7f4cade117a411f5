import { useState } from 'react';

import { FigurePanel } from '../../kit/figure-panel';
import { useFormat } from '../../kit/format';
import { Panel } from '../../kit/panel';
import { en } from '../../words/measures.en';
import { zh } from '../../words/measures.zh';
import { useText, useWords } from '../../words/words';
import { measures, type MeasureName, type Profile, type Result } from './question';

/** How a measure is written: its title with the unit, and its numbers. */
export function useMeasure(name: MeasureName) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { unit, decimals, figure } = measures[name];
  const times = unit === 'percent' ? 100 : 1;
  return {
    title: words.measures[name],
    full: words.ofUnit(words.measures[name], words.units[unit]),
    means: words.measureMeans[name],
    figure,
    percent: unit === 'percent',
    decimals,
    write: (value: number | null | undefined) => (value === null || value === undefined ? '—' : format.number(value * times, decimals)),
  };
}

/** A number of a profile. Pressed it opens its records where it is a figure of the book, or its definition and conventions. */
export function MeasureNumber({ profile, result, name, division }: { profile: Profile; result: Result | undefined; name: MeasureName; division?: string | undefined }) {
  const words = useWords(zh, en);
  const measure = useMeasure(name);
  const [open, setOpen] = useState(false);
  if (!result) return <>—</>;
  const held = result.value === null;
  const shown = held ? (isHeld(profile, result) ? words.held : '—') : measure.write(result.value);
  return (
    <>
      <button type="button" className={held ? 'figure-number measure-held' : 'figure-number'} onClick={() => setOpen(true)} aria-label={`${words.open(measure.title)} ${shown}`}>{shown}</button>
      {result.low !== null && result.high !== null && <span className="quiet"> {words.interval(measure.write(result.low), measure.write(result.high))}</span>}
      {open && (measure.figure !== null && division !== undefined && !held ? (
        <FigurePanel name={measure.figure} division={division} asOf={profile.as_of} onClose={() => setOpen(false)} />
      ) : (
        <DefinitionPanel profile={profile} result={result} name={name} onClose={() => setOpen(false)} />
      ))}
    </>
  );
}

/** A group that is held back has a number, which is not published; what is not defined has none. */
export function isHeld(profile: Profile, result: Result): boolean {
  const group = profile.groups?.find((one) => one.group === result.group);
  if (group) return group.held;
  return result.value === null && (profile.households < profile.suppression.households || profile.weight_sum < profile.suppression.persons);
}

function DefinitionPanel({ profile, result, name, onClose }: { profile: Profile; result: Result; name: MeasureName; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const measure = useMeasure(name);
  const group = profile.groups?.find((one) => one.group === result.group);
  const names: Record<string, string> = words.conventionNames;
  const [persons, households] = group ? [group.persons, group.households] : [profile.weight_sum, profile.households];
  return (
    <Panel title={measure.title} onClose={onClose}>
      <p className="panel-number">{measure.write(result.value)} <span className="quiet">{words.units[measures[name].unit]}</span></p>
      <p><span data-of-the-city>{profile.division.name}</span> · {format.day(profile.as_of)}{group !== undefined && ` · ${text(group.title)}`}</p>
      {result.undefined !== undefined && (<><h3>{words.why}</h3><p>{text(result.undefined)}</p></>)}
      <h3>{words.definition}</h3>
      <p>{measure.means}</p>
      {result.no_error !== undefined && <p className="quiet">{text(result.no_error)}</p>}
      {(result.notes ?? []).map((note) => <p key={note.zh} className="quiet">{text(note)}</p>)}
      {persons !== null && households !== null && (<><h3>{words.who}</h3><p>{words.whoMeans(format.number(persons), format.number(households))}</p></>)}
      {profile.line !== null && (<><h3>{words.lineSource}</h3><p>{words.line(format.number(profile.line))} · {text(profile.line_source)}</p></>)}
      <h3>{words.conventions}</h3>
      <dl className="pairs">
        {Object.entries(result.conventions).map(([key, value]) => [<dt key={key}>{names[key] ?? key}</dt>, <dd key={`${key}=`} className="formula">{value}</dd>])}
      </dl>
    </Panel>
  );
}
