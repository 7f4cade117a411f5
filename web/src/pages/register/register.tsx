import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { Empty } from '../../kit/empty';
import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/register.en';
import { zh } from '../../words/register.zh';
import { useWords } from '../../words/words';

/** The households of the place. */
export function Register() {
  const words = useWords(zh, en);
  const format = useFormat();
  const form = useFormWords();
  const { division } = useMoment();
  const list = useQuery({ queryKey: ['households', division], queryFn: () => take(api.GET('/api/households', { params: { query: { division, limit: 100 } } })) });
  const rows = list.data?.rows ?? [];
  return (
    <Page title={words.title} about={list.data && words.about(format.number(list.data.total))}>
      {list.isPending && <Waiting lines={12} />}
      {list.isError && <ProblemMessage error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <Empty>{words.empty}</Empty>}
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr><th scope="col">{words.head}</th><th scope="col">{words.village}</th><th scope="col">{words.number}</th><th scope="col" className="n">{words.size}</th><th scope="col">{words.status}</th></tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td><Link to="/register/$household" params={{ household: row.id }}>{row.head}</Link></td>
                <td>{row.division.name}</td><td>{row.number}</td><td className="n">{row.size}</td><td>{form.status(row.status)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}
