import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';

import { useMay } from '../../app/session';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useWords } from '../../words/words';
import type { ImportKind } from './kinds';

/** What was imported before, each to be undone while its records are as it left them. */
export function PastImports({ kind }: { kind: ImportKind }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const client = useQueryClient();
  const may = useMay();
  const past = useQuery({ queryKey: ['imports', kind.name], queryFn: kind.past, enabled: may(kind.mayList) });
  const undo = useMutation({
    mutationFn: kind.undo,
    onSuccess: () => void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' }),
  });
  const imports = past.data?.imports ?? [];
  return (
    <section aria-labelledby="past-imports" className="after">
      <h2 id="past-imports">{words.past}</h2>
      {past.isPending && <Waiting lines={3} />}
      {past.isError && <ProblemMessage error={past.error} retry={() => void past.refetch()} />}
      {undo.isError && <ProblemMessage error={undo.error} />}
      {past.isSuccess && imports.length === 0 && <Empty>{words.pastNone}</Empty>}
      {imports.length > 0 && (
        <table className="table">
          <thead><tr><th scope="col">{words.file}</th><th scope="col">{words.who}</th><th scope="col">{words.when}</th><th scope="col">{words.state}</th></tr></thead>
          <tbody>
            {imports.map((one) => (
              <tr key={one.import}>
                <td data-of-the-city>{one.file}</td><td data-of-the-city>{one.actor_name ?? one.actor}</td><td>{format.moment(one.at)}</td>
                <td>{one.undone ? words.undone : may(kind.mayImport) ? <Button size="small" loading={undo.isPending && undo.variables === one.import} onClick={() => undo.mutate(one.import)}>{words.undo}</Button> : words.written}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
