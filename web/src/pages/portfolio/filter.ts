import { useMoment } from '../../app/moment';
import { useAddress } from '../../kit/address';

/** What a filter of projects may say, each a word of the API and of the address. */
export const filterNames = ['q', 'platform', 'programme', 'sector', 'zone', 'origin', 'function', 'organisation', 'stage', 'light'] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

/** The filter in the address: a view is a link. */
export function useFilter(): [Filter, (change: Filter & Record<string, string>) => void] {
  const [address, set] = useAddress();
  const filter: Filter = {};
  for (const name of filterNames) if (address[name]) filter[name] = address[name];
  return [filter, set];
}

/** The query of the API for a filter at the day and place looked at. */
export function useQueryOf(filter: Filter): Filter & { division: string; as_of: string } {
  const { division, asOf } = useMoment();
  return { ...filter, division, as_of: asOf };
}
