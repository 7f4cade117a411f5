import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { newId } from '../../api/id';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/claims.en';
import { zh } from '../../words/claims.zh';
import { useWords } from '../../words/words';

/** Keeps a check with both its dates, so that it can be made again. */
export function KeepCheck({ document, asOf }: { document: string; asOf: string }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const [kept, setKept] = useState('');
  const keep = useMutation({
    mutationFn: () => take(api.POST('/api/claims/{document}/checks', { params: { path: { document } }, body: { id: newId(), as_of: asOf } })),
    onSuccess: async () => {
      setKept(asOf);
      await client.invalidateQueries({ queryKey: ['claim-checks'] });
    },
  });
  return (
    <>
      {keep.isError && <ProblemMessage error={keep.error} />}
      {kept === asOf && <span role="status">{words.saved}</span>}
      <Button title={words.saveCheckAbout} loading={keep.isPending} onClick={() => keep.mutate()}>{words.saveCheck}</Button>
    </>
  );
}

/** What was kept, each to be made again and compared. */
export function Checks({ document }: { document: string }) {
  const words = useWords(zh, en);
  const checks = useQuery({ queryKey: ['claim-checks'], queryFn: () => take(api.GET('/api/claim-checks')) });
  const rows = (checks.data?.checks ?? []).filter((check) => check.document.startsWith(`${document}@`));
  return (
    <section aria-labelledby="checks" className="after no-print">
      <h2 id="checks">{words.checks}</h2>
      {checks.isPending && <Waiting lines={2} />}
      {checks.isError && <ProblemMessage error={checks.error} retry={() => void checks.refetch()} />}
      {checks.isSuccess && rows.length === 0 && <Empty>{words.checksNone}</Empty>}
      {rows.length > 0 && (
        <table className="table">
          <thead><tr><th scope="col">{words.checkDay}</th><th scope="col">{words.checkAt}</th><th scope="col">{words.checkVerdicts}</th><th scope="col"><span className="unseen">{words.replay}</span></th></tr></thead>
          <tbody>{rows.map((check) => <CheckRow key={check.id} check={check} />)}</tbody>
        </table>
      )}
    </section>
  );
}

function CheckRow({ check }: { check: Schemas['CheckHead'] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const replay = useMutation({ mutationFn: () => take(api.POST('/api/claim-checks/{id}/replay', { params: { path: { id: check.id } } })) });
  const verdicts: [string, string][] = Object.entries(words.verdicts);
  const said = verdicts.filter(([code]) => (check.verdicts[code] ?? 0) > 0).map(([code, word]) => words.times(word, format.number(check.verdicts[code])));
  return (
    <tr>
      <td>{format.day(check.as_of)}</td>
      <td>{format.moment(check.recorded_at)}</td>
      <td>{said.join(' · ')}</td>
      <td>
        <Button size="small" loading={replay.isPending} onClick={() => replay.mutate()}>{words.replay}</Button>{' '}
        {replay.data && <span role="status">{replay.data.same ? words.same : words.differs((replay.data.differs ?? []).join(', '))}</span>}
        {replay.isError && <ProblemMessage error={replay.error} />}
      </td>
    </tr>
  );
}
