import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { newId } from '../../api/id';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/boundaries.en';
import { zh } from '../../words/boundaries.zh';
import { useWords } from '../../words/words';

/** Boundaries in use, and the way to end that, with a reason. */
export function Withdraw({ row }: { row: Schemas['BoundaryView'] }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const [reason, setReason] = useState<string | null>(null);
  const [entry] = useState(newId);
  const withdraw = useMutation({
    mutationFn: () => take(api.POST('/api/boundaries/{id}/withdrawal', { params: { path: { id: row.id }, header: { 'If-Match': `"${row.version}"` } }, body: { entry, reason: reason ?? '' } })),
    onSuccess: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] === 'boundaries' || query.queryKey[0] === 'map' }),
  });
  if (reason === null) return <>{words.inUse} <Button size="small" onClick={() => setReason('')}>{words.withdraw}</Button></>;
  return (
    <form onSubmit={(event) => { event.preventDefault(); withdraw.mutate(); }}>
      <Field label={words.withdrawWhy}><Input value={reason} autoFocus onChange={(event) => setReason(event.target.value)} /></Field>
      <Button size="small" htmlType="submit" danger disabled={reason.trim() === ''} loading={withdraw.isPending}>{words.withdraw}</Button>
      {withdraw.isError && <ProblemMessage error={withdraw.error} />}
    </form>
  );
}
