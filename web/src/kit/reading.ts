import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { api, Refusal, take } from '../api/client';
import { newId } from '../api/id';
import { sendTable, type Sending, type TableSort } from '../api/transfer';
import { useDraft } from './draft';

/** How often the page asks how far the server has read. */
const every = 400;

const list = (sort: TableSort) => take(sort === 'households' ? api.GET('/api/import-readings') : api.GET('/api/project-import-readings'));
const drop = (sort: TableSort, id: string) => {
  const params = { path: { id } };
  return take(sort === 'households' ? api.DELETE('/api/import-readings/{id}', { params }) : api.DELETE('/api/project-import-readings/{id}', { params }));
};

/**
 * The table that the reader has sent and the server reads: it goes on while the page is reloaded or shut, and the page finds it again. onRead is told
 * the preview that came of it, once. enabled is false where another is being looked at.
 */
export function useReading(sort: TableSort, enabled: boolean, onRead: (preview: string) => void) {
  const client = useQueryClient();
  const key = ['reading', sort];
  const [sent, setSent] = useDraft<{ id: string; file: string }>(`reading-${sort}`);
  const [fraction, setFraction] = useState(0);
  const sending = useRef<Sending | null>(null);
  const readings = useQuery({
    queryKey: key,
    queryFn: () => list(sort),
    enabled,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.readings?.some((one) => one.state === 'reading') ? every : false),
  });
  const send = useMutation({
    mutationFn: ({ file, valid }: { file: File; valid: string }) => {
      const id = newId();
      setFraction(0);
      setSent({ id, file: file.name });
      sending.current = sendTable(sort, id, file, valid, setFraction);
      return sending.current.answer;
    },
    onSuccess: (view) => client.setQueryData(key, { readings: [view] }),
    onError: () => setSent(null),
  });
  const one = readings.data?.readings?.at(-1);
  const forget = useMutation({
    mutationFn: async () => {
      sending.current?.stop();
      sending.current = null;
      setSent(null);
      send.reset();
      if (one) await drop(sort, one.id);
    },
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const { mutate: letGo } = forget;
  const preview = enabled && one?.state === 'read' ? one.import : undefined;
  useEffect(() => {
    if (preview === undefined) return;
    onRead(preview);
    letGo();
  }, [preview]); // eslint-disable-line react-hooks/exhaustive-deps -- a preview is told once
  const broken = enabled && sent !== null && !send.isPending && !forget.isPending && readings.isSuccess && !readings.isFetching && one?.id !== sent.id;
  return {
    /** What stands between the choice of a file and its preview; none where a file may be chosen. */
    state: send.isPending ? 'sending' as const : one?.state === 'reading' ? 'reading' as const : one?.state === 'failed' ? 'failed' as const : broken ? 'interrupted' as const : 'none' as const,
    file: (send.isPending || one === undefined ? sent?.file : one.file) ?? '',
    fraction,
    view: one,
    error: send.error ?? (one?.problem ? new Refusal(one.problem) : forget.error ?? readings.error),
    send: send.mutate,
    /** cancel stops the sending or the reading, or lets go what is told of one that failed or broke off. */
    cancel: letGo,
  };
}
