import { Link } from '@tanstack/react-router';

import { useFormat } from '../../kit/format';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useText, useWords } from '../../words/words';
import { Due } from './due';
import { statesOf, useRules, type Board, type MatterRow } from './matter';

/** The board by state: what has come furthest stands to the right. */
export function Cards({ board, rows, counts }: { board: Board; rows: MatterRow[]; counts: Record<string, number> }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const titles: Record<string, string> = board === 'problems' ? words.states : words.stages;
  return (
    <div className="board">
      {statesOf[board].map((state) => {
        const here = rows.filter((row) => row.state === state);
        return (
          <section key={state} className="board-column" aria-label={titles[state]}>
            <h2>{titles[state]} <span className="quiet n">{words.count(format.number(counts[state] ?? 0))}</span></h2>
            {here.length === 0 && <p className="quiet">{words.noneHere}</p>}
            {here.map((row) => <Card key={row.id} board={board} row={row} />)}
          </section>
        );
      })}
    </div>
  );
}

function Card({ board, row }: { board: Board; row: MatterRow }) {
  const words = useWords(zh, en);
  const text = useText();
  const rules = useRules();
  const kind = rules.data?.kinds?.find((one) => one.code === row.kind);
  return (
    <article className={row.overdue ? 'card card-late' : 'card'}>
      <h3><Link to={`/${board}/${row.id}` as '/'}>{row.title}</Link></h3>
      <p className="quiet" data-of-the-city>{row.division.name}{board === 'problems' ? ` · ${kind ? text(kind.title) : row.kind}` : ` · ${row.kind}`}</p>
      {row.open && <p data-of-the-city>{row.holder === '' ? <span className="quiet">{words.noHolder}</span> : row.holder}</p>}
      {row.open && row.due !== undefined && <p><Due due={row.due} open={row.open} /></p>}
    </article>
  );
}
