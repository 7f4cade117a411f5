import { LightShape } from '../../kit/light';
import { useFormat } from '../../kit/format';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { Axis } from './axis';
import { BarLine } from './bar';
import { linesOf, type Group } from './chart';
import { monthsOf, scaleOf } from './scale';

export type Paper = 'a4' | 'a3';

/** What a landscape sheet leaves for the bars beside the names, in pixels of 1/96 inch. */
const room: Record<Paper, number> = { a4: 780, a3: 1230 };
const rowHeight = 20;

/** The chart for paper: all rows of the open platforms, as wide as the sheet, with the years on top of every page. */
export function PaperChart({ groups, asOf, paper }: { groups: Group[]; asOf: string; paper: Paper }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const bars = groups.flatMap((group) => (group.open ? group.bars : []));
  const scale = scaleOf(bars, asOf, room[paper] / Math.max(12, monthsOf(bars, asOf)));
  return (
    <table className="gantt-paper">
      <thead><tr><th scope="col">{words.columns.name}</th><th scope="col"><Axis scale={scale} asOf={asOf} height={30} /></th></tr></thead>
      <tbody>
        {linesOf(groups).map((line) => line.kind === 'bar' ? (
          <tr key={`${line.group.id} ${line.bar.id}`}>
            <th scope="row"><span className={`light light-${line.bar.light}`}><LightShape light={line.bar.light} /></span> {line.bar.name}</th>
            <td><BarLine bar={line.bar} scale={scale} asOf={asOf} height={rowHeight} grid /></td>
          </tr>
        ) : line.kind === 'group' && (
          <tr key={line.group.id} className="gantt-group-row"><th scope="rowgroup" colSpan={2}>{line.group.total === null ? line.group.name : words.ganttGroup(line.group.name, format.number(line.group.total))}</th></tr>
        ))}
      </tbody>
    </table>
  );
}
