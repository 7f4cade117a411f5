import type { Schemas } from '../../api/client';

export type Standing = Schemas['IdentifyStanding'];

/** Whether two of the looks, the income and the village's vote say different things; what says nothing disagrees with nobody. */
export function areApart({ score, income, vote }: Standing): boolean {
  return new Set([score, income, vote].filter((one) => one !== 'unknown')).size > 1;
}
