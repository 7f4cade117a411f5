import type { Schemas } from '../../api/client';

/** What somebody moved in a document: parameters to another value, points of a block or part times a factor, bars to another kind. */
export interface Moves {
  parameters: Record<string, number>;
  weights: Record<string, number>;
  bars: Record<string, string>;
}

export const still: Moves = { parameters: {}, weights: {}, bars: {} };

/** Moves as a word of the address, p:cut=50;w:house=1.2;b:car=off, so that a link shows what its sender saw. */
export function written(moves: Moves): string {
  const part = (kind: string, of: Record<string, number | string>) => Object.entries(of).map(([name, value]) => `${kind}:${name}=${value}`);
  return [...part('p', moves.parameters), ...part('w', moves.weights), ...part('b', moves.bars)].join(';');
}

/** read takes the address's word apart; what cannot be read is left out. */
export function read(text: string | undefined): Moves {
  const moves: Moves = { parameters: {}, weights: {}, bars: {} };
  for (const one of (text ?? '').split(';')) {
    const found = /^([pwb]):([\w.]+)=([\w.-]+)$/.exec(one);
    if (!found) continue;
    const [, kind, name, value] = found as unknown as [string, string, string, string];
    if (kind === 'b') moves.bars[name] = value;
    else if (Number.isFinite(Number(value))) moves[kind === 'p' ? 'parameters' : 'weights'][name] = Number(value);
  }
  return moves;
}

/** moved is moves with one changed; a value that is the document's own is none. */
export function moved<K extends keyof Moves>(moves: Moves, kind: K, name: string, value: Moves[K][string], own: Moves[K][string]): Moves {
  const rest = Object.fromEntries(Object.entries(moves[kind]).filter(([key]) => key !== name));
  return { ...moves, [kind]: value === own ? rest : { ...rest, [name]: value } };
}

/** asked is the part of a request that says what is moved. */
export function asked(moves: Moves): Pick<Schemas['WhatIfBody'], 'what_if' | 'change'> {
  return {
    ...(Object.keys(moves.parameters).length > 0 ? { what_if: moves.parameters } : {}),
    ...(Object.keys(moves.weights).length + Object.keys(moves.bars).length > 0 ? { change: { weights: moves.weights, bars: moves.bars } } : {}),
  };
}
