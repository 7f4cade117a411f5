import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { LightTag } from '../../kit/light';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useProjectLists } from './lists';

/** How many rows stand at once; the next ones are one press away. */
export const pageOfRows = 100;

/** Says how many of all rows stand there, and shows the next ones. */
export function MoreRows({ shown, all, onMore }: { shown: number; all: number; onMore: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  if (shown >= all) return null;
  return <p className="quiet after-table">{words.rowsShown(format.number(shown), format.number(all))} <Button size="small" onClick={onMore}>{words.rowsMore(format.number(Math.min(pageOfRows, all - shown)))}</Button></p>;
}

/** The projects of an organisation, agreement or platform, by name, a page at a time. */
export function ProjectRows({ rows }: { rows: Schemas['ProjectRow'][] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { title } = useProjectLists();
  const [shown, setShown] = useState(pageOfRows);
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
          {rows.slice(0, shown).map((row) => (
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
      <MoreRows shown={shown} all={rows.length} onMore={() => setShown(shown + pageOfRows)} />
    </div>
  );
}
