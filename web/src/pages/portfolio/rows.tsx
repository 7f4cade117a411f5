import { Link } from '@tanstack/react-router';

import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { LightTag } from '../../kit/light';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useProjectLists } from './lists';

/** The projects of an organisation, agreement or platform, by name. */
export function ProjectRows({ rows }: { rows: Schemas['ProjectRow'][] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { title } = useProjectLists();
  if (rows.length === 0) return <p className="quiet">{words.noProjects}</p>;
  return (
    <div className="scroll">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th><th scope="col">{words.columns.division}</th><th scope="col">{words.stage}</th><th scope="col">{words.light}</th>
            <th scope="col" className="n">{words.inUnit(words.columns.amount, format.amountUnit)}</th><th scope="col" className="n">{words.columns.physical}</th>
          </tr>
        </thead>
        <tbody data-of-the-city>
          {rows.map((row) => (
            <tr key={row.id}>
              <td><Link to="/projects/$project" params={{ project: row.id }}>{row.name}</Link></td>
              <td>{row.division.name}</td>
              <td className="nowrap">{row.stage ? title('stages', row.stage) : words.unstated}</td>
              <td><LightTag light={row.light} slipped={Object.values(row.lights).some((light) => light.slipped)} /></td>
              <td className="n">{format.amount(row.amount_fen)}</td>
              <td className="n">{format.percent(row.physical)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
