/** Whether two documents, or two answers of them, say the same: an absent answer and an empty one are the same. */
export function same(a: unknown, b: unknown): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, index) => same(one, b[index]));
  if (typeof a === 'object' && typeof b === 'object') {
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => same(left[key], right[key]));
  }
  return a === b;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && Object.values(value).every(isNothing));
}

/** The answers in which a document differs from another. */
export function changed<D extends object>(from: D, to: D): (keyof D & string)[] {
  return ([...new Set([...Object.keys(from), ...Object.keys(to)])] as (keyof D & string)[]).filter((field) => !same(from[field], to[field]));
}

/** The newest document with what was typed laid over it, and the answers that both have changed, each to another word. */
export function merged<D extends object>(base: D, mine: D, theirs: D): { document: D; clashes: (keyof D & string)[] } {
  const document = { ...theirs };
  for (const field of changed(base, mine)) document[field] = mine[field];
  return { document, clashes: changed(base, mine).filter((field) => !same(base[field], theirs[field]) && !same(mine[field], theirs[field])) };
}

/** A change of some answers; undefined takes an answer away. */
export type Change<D> = { [F in keyof D]?: D[F] | undefined };

/** A document with a change laid over it. */
export function laid<D extends object>(document: D, change: Change<D>): D {
  return Object.fromEntries(Object.entries({ ...document, ...change }).filter(([, value]) => value !== undefined)) as D;
}
