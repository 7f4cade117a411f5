import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { stateOf, type Bar } from './scale';

/** What a bar and its milestones say in words: for the table, for titles and for readers of the screen. */
export function useBarWords(asOf: string) {
  const words = useWords(zh, en);
  const format = useFormat();
  const milestone = (one: Schemas['PortfolioMilestoneBar']) => {
    const { state, late, moved } = stateOf(one, asOf);
    const said = state === 'due' ? words.milestoneDue(format.day(one.due)) : state === 'missed' ? `${words.milestoneDue(format.day(one.due))}, ${words.milestoneMissed(format.number(late))}` : words.milestoneMet(format.day(one.met));
    return [`${one.title} ${said}`, ...(state === 'late' ? [words.milestoneLate(format.number(late))] : []), ...(moved ? [words.milestoneMoved(format.day(one.first_due))] : [])].join(', ');
  };
  const span = (title: string, from: string | undefined, to: string | undefined) => (from || to ? [`${title} ${format.day(from)} – ${format.day(to)}`] : []);
  return {
    milestone,
    bar: (bar: Bar) => {
      const said = [...span(words.ganttPlanned, bar.start_planned, bar.finish_planned), ...span(words.ganttActual, bar.started, bar.finished), ...(bar.physical === undefined ? [] : [`${words.columns.physical} ${format.percent(bar.physical)}`]), ...(bar.milestones ?? []).map(milestone)];
      return said.length === 0 ? words.ganttNoDates : said.join('; ');
    },
  };
}
