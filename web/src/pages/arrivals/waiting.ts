import { useQuery } from '@tanstack/react-query';

import { api, take } from '../../api/client';
import { useMay } from '../../app/session';

/** The households that wait to be taken in, for those who may take them in. */
export function useArrivals() {
  const may = useMay();
  return useQuery({ queryKey: ['arrivals'], queryFn: () => take(api.GET('/api/arrivals')), enabled: may('write_records') });
}
