import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take } from '../../api/client';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { isOutcome, OutcomeTag } from '../../kit/outcome';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as kitEN } from '../../words/kit.en';
import { zh as kitZH } from '../../words/kit.zh';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';
import { band, type Question } from './effect';
import { asked, written, type Moves } from './moves';

const size = 50;

/** The households behind a number, each with the way to its explanation. */
export function HouseholdsPanel({ which, question, moves, onClose }: { which: string; question: Question; moves: Moves; onClose: () => void }) {
  const words = useWords(zh, en);
  const outcomes: Record<string, string> = useWords(kitZH, kitEN).outcomes;
  const format = useFormat();
  const word = written(moves);
  const list = useInfiniteQuery({
    queryKey: ['what-if-households', which, question, word],
    queryFn: ({ pageParam, signal }) =>
      take(api.POST('/api/what-if/households', { body: { criteria: question.criteria, as_of: question.asOf, division: question.division, which, band, offset: pageParam, limit: size, ...asked(moves) }, signal })),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => ((page.households ?? []).length < size ? null : pages.length * size),
  });
  const titles: Record<string, string> = { enter: words.enter, leave: words.leave, borderline: words.borderline(band) };
  const rows = list.data?.pages.flatMap((page) => page.households ?? []) ?? [];
  return (
    <Panel title={titles[which] ?? outcomes[which] ?? which} onClose={onClose}>
      <p className="quiet">{words.listAbout}</p>
      {list.isPending && <Waiting lines={12} />}
      {list.isError && <ProblemMessage error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <Empty>{words.listEmpty}</Empty>}
      {rows.length > 0 && (
        <table className="table">
          <thead><tr><th scope="col">{words.number}</th><th scope="col">{words.head}</th><th scope="col">{words.village}</th><th scope="col" className="n">{words.persons}</th><th scope="col">{words.outcomeChange}</th><th scope="col"><span className="unseen">{words.why}</span></th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.household}>
                <td className="tabular" data-of-the-city>{row.number ?? '—'}</td><td data-of-the-city>{row.head ?? '—'}</td><td data-of-the-city>{row.division.name}</td>
                <td className="n">{format.number(row.size)}</td>
                <td>{row.before !== undefined && isOutcome(row.before) && <><OutcomeTag outcome={row.before} /> → </>}{row.after !== undefined && isOutcome(row.after) && <OutcomeTag outcome={row.after} />}</td>
                <td><Link to="/why/$household" params={{ household: row.household }} search={{ criteria: question.criteria, ...(word === '' ? {} : { moves: word }) }}>{words.why}</Link></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && <p className="after-table"><Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{words.more}</Button></p>}
    </Panel>
  );
}
