import { Link } from '@tanstack/react-router';

import { useFormat } from '../../kit/format';
import { LightTag } from '../../kit/light';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import type { Group } from './chart';
import { useBarWords } from './words';

/** The chart in words: the same projects with the same days, for whoever reads tables or the screen by ear. */
export function Listing({ groups, asOf }: { groups: Group[]; asOf: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const said = useBarWords(asOf);
  return (
    <div className="scroll">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th><th scope="col">{words.light}</th><th scope="col">{words.ganttStartPlanned}</th><th scope="col">{words.ganttStarted}</th>
            <th scope="col">{words.ganttFinishPlanned}</th><th scope="col">{words.ganttFinished}</th><th scope="col" className="n">{words.columns.physical}</th><th scope="col">{words.ganttMilestones}</th>
          </tr>
        </thead>
        {groups.filter((group) => group.open).map((group) => (
          <tbody key={group.id}>
            <tr className="gantt-group-row"><th scope="rowgroup" colSpan={8} data-of-the-city>{group.total === null ? group.name : words.ganttGroup(group.name, format.number(group.total))}</th></tr>
            {group.bars.map((bar) => (
              <tr key={bar.id} data-of-the-city>
                <td><Link to="/projects/$project" params={{ project: bar.id }}>{bar.name}</Link></td>
                <td><LightTag light={bar.light} /></td>
                <td className="nowrap">{format.day(bar.start_planned)}</td>
                <td className="nowrap">{format.day(bar.started)}</td>
                <td className="nowrap">{format.day(bar.finish_planned)}</td>
                <td className="nowrap">{format.day(bar.finished)}</td>
                <td className="n">{format.percent(bar.physical)}</td>
                <td><ul className="plain">{(bar.milestones ?? []).map((one) => <li key={one.id}>{said.milestone(one)}</li>)}</ul></td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
