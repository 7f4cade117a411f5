import type { Schemas } from '../../api/client';

export type ProjectView = Schemas['ProjectOutputBody'];
export type Project = Schemas['PortfolioProject'];
export type Report = Schemas['PortfolioReport'];
export type ProjectEvent = Schemas['PortfolioEvent'];

/** 100 million yuan in fen. */
export const hundredM = 1e10;

/** The last day of a month written 2015-12. */
export function monthEnd(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** What was typed as a number; undefined where nothing was, NaN where it is none. */
export function numberOf(typed: string): number | undefined {
  const text = typed.trim().replaceAll(',', '');
  return text === '' ? undefined : Number(text);
}

/** Whether a percentage that was typed is wrong. */
export function wrongPercent(typed: string): boolean {
  const value = numberOf(typed);
  return value !== undefined && !(value >= 0 && value <= 100);
}

/** Whether an amount in 100 million yuan that was typed is wrong: no project costs more than the API's bound. */
export function wrongAmount(typed: string): boolean {
  const value = numberOf(typed);
  return value !== undefined && !(value >= 0 && value <= 10_000);
}

/** Fen of an amount typed in 100 million yuan, to the cent. */
export function fenOf(typed: string): number | undefined {
  const value = numberOf(typed);
  return value === undefined ? undefined : Math.round(value * hundredM);
}

/** Fen as it is typed, in 100 million yuan. */
export function typedOf(fen: number | undefined): string {
  return fen === undefined ? '' : String(fen / hundredM);
}
