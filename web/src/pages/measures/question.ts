import { useQuery } from '@tanstack/react-query';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useAddress } from '../../kit/address';

export type Profile = Schemas['MeasureOutputBody'];
export type Result = Schemas['MeasureResult'];

/** The measures a reader may choose, and how their numbers are written. Where one is a figure of the book its number opens the records. */
export const measures = {
  headcount: { unit: 'percent', decimals: 1, figure: 'income_poverty_rate' },
  gap: { unit: 'percent', decimals: 2, figure: 'income_poverty_gap' },
  severity: { unit: 'percent', decimals: 2, figure: null },
  gini: { unit: 'ratio', decimals: 3, figure: 'income_gini' },
  theil: { unit: 'ratio', decimals: 3, figure: null },
  qsr: { unit: 'ratio', decimals: 2, figure: null },
  median: { unit: 'yuan', decimals: 0, figure: 'income_median' },
  mean: { unit: 'yuan', decimals: 0, figure: null },
} as const;

export type MeasureName = keyof typeof measures;

export const breakdowns = ['cause', 'labour', 'age', 'attribute', 'status', 'size', 'sex', 'education'] as const;
export type Breakdown = (typeof breakdowns)[number];

/** What the page was asked: in the address, so that a link shows what its sender saw. */
export function useQuestion() {
  const { division, asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const year = Number(asOf.slice(0, 4));
  const against = address['against'] ?? (asOf === '' ? '' : `${year - 1}-12-31`);
  const chosen = address['measure'] ?? 'headcount';
  const measure: MeasureName = isMeasure(chosen) ? chosen : 'headcount';
  const curve: 'lorenz' | 'incidence' = address['curve'] === 'incidence' ? 'incidence' : 'lorenz';
  const basis: 'income' | 'status' = address['basis'] === 'status' ? 'status' : 'income';
  const by: Breakdown = breakdowns.find((one) => one === address['by']) ?? 'cause';
  return { division, asOf, against, inOrder: against < asOf, measure, by, curve, basis, movesBy: address['moves'] ?? '', ask: setAddress };
}

function isMeasure(name: string): name is MeasureName {
  return name in measures;
}

/** The profile of the place on a day. */
export function useProfile(asOf: string, asked: { by?: string; measures?: string }, enabled = true) {
  const { division } = useMoment();
  return useQuery({
    queryKey: ['measure', division, asOf, asked.by ?? '', asked.measures ?? ''],
    queryFn: () => take(api.GET('/api/measure', { params: { query: { division, as_of: asOf, ...asked } } })),
    enabled: enabled && division !== '' && asOf !== '',
    staleTime: 300_000,
  });
}

/** The number of a group ("" is the whole) in a profile. */
export function resultOf(profile: Profile | undefined, measure: string, group = ''): Result | undefined {
  return profile?.results?.find((result) => result.measure === measure && result.group === group);
}
