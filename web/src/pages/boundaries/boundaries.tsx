import { useQuery } from '@tanstack/react-query';

import { api, take, type Schemas } from '../../api/client';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/boundaries.en';
import { zh } from '../../words/boundaries.zh';
import { useWords } from '../../words/words';
import { useCounts } from './counts';
import { NewBoundaries } from './new-boundaries';
import { Withdraw } from './withdraw';

/** The approved base maps of the city: brought in by file and number, in use until they are withdrawn. */
export function Boundaries() {
  const words = useWords(zh, en);
  const list = useQuery({ queryKey: ['boundaries'], queryFn: () => take(api.GET('/api/boundaries')) });
  const rows = list.data?.boundaries ?? [];
  return (
    <Page title={words.title} about={words.about}>
      <NewBoundaries />
      <section aria-labelledby="boundaries-kept" className="after">
        <h2 id="boundaries-kept">{words.list}</h2>
        {list.isPending && <Waiting lines={4} />}
        {list.isError && <ProblemMessage error={list.error} retry={() => void list.refetch()} />}
        {list.isSuccess && rows.length === 0 && <Empty>{words.none}</Empty>}
        {rows.length > 0 && (
          <table className="table">
            <thead><tr><th scope="col">{words.number}</th><th scope="col">{words.file}</th><th scope="col">{words.what}</th><th scope="col">{words.coordinates}</th><th scope="col">{words.who}</th><th scope="col">{words.when}</th><th scope="col">{words.state}</th></tr></thead>
            <tbody>{rows.map((row) => <Row key={row.id} row={row} />)}</tbody>
          </table>
        )}
      </section>
    </Page>
  );
}

function Row({ row }: { row: Schemas['BoundaryView'] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const counts = useCounts();
  return (
    <tr>
      <td data-of-the-city>{row.approval_number}</td>
      <td data-of-the-city>{row.name}</td>
      <td>{counts(row.counts)}, {row.from === undefined ? words.always : words.since(format.day(row.from))}</td>
      <td>{words.systems[row.coordinates]}</td>
      <td data-of-the-city>{row.actor_name ?? row.actor}</td>
      <td>{format.moment(row.recorded_at)}</td>
      <td>{row.withdrawn_at === undefined ? <Withdraw row={row} /> : words.withdrawn(row.withdrawn_by_name ?? row.withdrawn_by ?? '', format.moment(row.withdrawn_at), row.reason ?? '')}</td>
    </tr>
  );
}
