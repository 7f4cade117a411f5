import { Link } from '@tanstack/react-router';

import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useWords } from '../../words/words';
import { Due } from './due';
import type { Board, MatterRow } from './matter';

/** Matters as a list, the soonest due first. */
export function MatterList({ board, rows }: { board: Board; rows: MatterRow[] }) {
  const words = useWords(zh, en);
  const titles: Record<string, string> = board === 'problems' ? words.states : words.stages;
  return (
    <div className="scroll">
      <table className="table">
        <thead>
          <tr><th scope="col">{board === 'problems' ? words.problem : words.decision}</th><th scope="col">{words.place}</th><th scope="col">{words.state}</th><th scope="col">{words.holder}</th><th scope="col">{words.due}</th></tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td><Link to={`/${board}/${row.id}` as '/'}>{row.title}</Link></td>
              <td>{row.division.name}</td>
              <td className="nowrap">{titles[row.state] ?? row.state}</td>
              <td>{row.holder === '' ? <span className="quiet">{row.open ? words.noHolder : ''}</span> : row.holder}</td>
              <td>{row.due !== undefined && <Due due={row.due} open={row.open} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
