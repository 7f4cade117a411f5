import { useMemo } from 'react';

import { useMoment } from '../../app/moment';
import type { Chart } from '../../kit/chart';
import { useFormat } from '../../kit/format';
import { en } from '../../words/measures.en';
import { zh } from '../../words/measures.zh';
import { useLanguage, useText, useWords } from '../../words/words';
import { ChartBlock, type Cells } from './chart-block';
import { isHeld, MeasureNumber, useMeasure } from './number';
import { resultOf, useQuestion, type Profile } from './question';

/** One measure on two days, by the groups of a breakdown: bars, and the same as a table. Groups stand in the order of their list, never by their number. */
export function Groups({ title, name, before, now, heads }: { title: string; name: string; before: Profile; now: Profile; heads: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const language = useLanguage();
  const { setDivision } = useMoment();
  const { measure: chosen } = useQuestion();
  const measure = useMeasure(chosen);
  const groups = useMemo(() => groupsOf(before, now), [before, now]);
  const chart = useMemo<Chart | null>(() => {
    const shown = groups.filter((group) => [before, now].some((profile) => valueOf(profile, chosen, group.key) !== null));
    if (shown.length === 0) return null;
    const bars = (profile: Profile) => shown.map((group) => valueOf(profile, chosen, group.key));
    return {
      kind: 'bars',
      value: { title: '', percent: measure.percent, decimals: measure.decimals },
      categories: shown.map((group) => (language === 'en' && group.title.en !== '' ? group.title.en : group.title.zh)),
      bars: [{ name: before.as_of, values: bars(before), tone: 'before' }, { name: now.as_of, values: bars(now), tone: 'now' }],
    };
  }, [groups, before, now, chosen, measure.percent, measure.decimals, language]);
  const held = [before, now].some((profile) => profile.groups?.some((group) => group.held));
  const rule = words.suppression(format.number(now.suppression.households), format.number(now.suppression.persons), text(now.suppression.basis));
  return (
    <ChartBlock title={`${title} ${measure.title}`} name={name} chart={chart} profiles={[before, now]} rows={() => cells(words, text, [before, now], chosen)}>
      <div className="scroll" role="region" aria-label={title} tabIndex={0}>
        <table className="table measure-table">
          <caption className="unseen">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{heads}</th><th scope="col" className="n">{words.persons}</th>
              <th scope="col" className="n">{measure.full}<br /><span className="swatch swatch-before" /> {before.as_of}</th>
              <th scope="col" className="n">{measure.full}<br /><span className="swatch swatch-now" /> {now.as_of}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.key}>
                <th scope="row" data-of-the-city={group.division === undefined ? undefined : ''}>{group.division !== undefined && group.deeper ? <button type="button" className="link" onClick={() => setDivision(group.key)}>{text(group.title)}</button> : text(group.title)}</th>
                <td className="n">{group.held ? words.held : format.number(group.persons)}</td>
                <td className="n"><MeasureNumber profile={before} result={resultOf(before, chosen, group.key)} name={chosen} division={group.division} /></td>
                <td className="n"><MeasureNumber profile={now} result={resultOf(now, chosen, group.key)} name={chosen} division={group.division} /></td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.whole}</th>
              <td className="n">{format.number(now.weight_sum)}</td>
              <td className="n"><MeasureNumber profile={before} result={resultOf(before, chosen)} name={chosen} division={before.division.id} /></td>
              <td className="n"><MeasureNumber profile={now} result={resultOf(now, chosen)} name={chosen} division={now.division.id} /></td>
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="quiet chart-note">{words.noError}{held && ` ${words.heldWhy(rule)}`}</p>
    </ChartBlock>
  );
}

function valueOf(profile: Profile, measure: string, group: string): number | null {
  return resultOf(profile, measure, group)?.value ?? null;
}

/** Groups of the later day in their order, then those that the earlier alone has. */
function groupsOf(before: Profile, now: Profile) {
  const later = now.groups ?? [];
  const gone = (before.groups ?? []).filter((group) => !later.some((other) => other.group === group.group));
  return [...later, ...gone.map((group) => ({ ...group, persons: 0, held: false }))].map((group) => ({
    key: group.group, title: group.title, persons: group.persons, held: group.held, division: group.division?.id, deeper: group.division !== undefined && !/[1-9]\d{0,2}$/.test(group.division.id.slice(9)),
  }));
}

/** The table for a sheet: one line a number, as the server gave it. */
function cells(words: ReturnType<typeof useWords<typeof zh>>, text: ReturnType<typeof useText>, profiles: Profile[], measure: string): Cells {
  const heads = words.csvHeads;
  const rows: Cells = [[heads.division, heads.code, heads.group, heads.day, heads.measure, heads.persons, heads.households, heads.value, heads.low, heads.high, heads.note]];
  for (const profile of profiles) {
    for (const result of profile.results ?? []) {
      if (result.measure !== measure) continue;
      const group = profile.groups?.find((one) => one.group === result.group);
      const of = group?.division ?? profile.division;
      const note = result.undefined ?? result.no_error;
      rows.push([
        of.name, of.code, group && !group.division ? text(group.title) : '', profile.as_of, text(result.title), group ? group.persons : profile.weight_sum, group ? group.households : profile.households, result.value, result.low, result.high,
        isHeld(profile, result) ? words.held : note ? text(note) : '',
      ]);
    }
  }
  return rows;
}
