import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useAddress } from '../../kit/address';
import { asked, read } from '../lab/moves';

/** What the address asks about a household: a document, changed or not, on a day; the first document where none is named. */
export function useWhyQuestion() {
  const household = useParams({ strict: false }).household ?? '';
  const { asOf } = useMoment();
  const [address] = useAddress();
  const named = address.criteria;
  const documents = useQuery({ queryKey: ['criteria'], queryFn: () => take(api.GET('/api/criteria')), staleTime: Infinity, enabled: named === undefined });
  const criteria = named ?? documents.data?.documents?.[0]?.id ?? '';
  return { household, asOf, criteria, moves: address.moves ?? '', run: address.run, body: { criteria, as_of: asOf, ...asked(read(address.moves)) }, problem: documents.error };
}
