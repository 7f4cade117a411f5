import type { FormField } from '../../kit/form';

/** One answer of a record as JSON carries it. */
export type Answer = string | number | boolean | null | Answer[] | { [name: string]: Answer };
export type Answers = Record<string, Answer>;

/** The answer at a path of dots, undefined where there is none. */
export function answerAt(record: Answer | undefined, path: string): Answer | undefined {
  let at: Answer | undefined = record;
  for (const part of path.split('.')) {
    if (at === null || typeof at !== 'object' || Array.isArray(at)) return undefined;
    at = at[part];
  }
  return at;
}

/** The items of a list in a record. */
export function itemsOf(record: Answer | undefined, path: string): Answers[] {
  const items = answerAt(record, path);
  return Array.isArray(items) ? items.filter((item): item is Answers => item !== null && typeof item === 'object' && !Array.isArray(item)) : [];
}

function put(into: Answers, path: string, value: Answer): void {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let at = into;
  for (const part of parts) {
    const next = at[part];
    at = next !== null && typeof next === 'object' && !Array.isArray(next) ? next : (at[part] = {});
  }
  at[last] = value;
}

/** Changed answers by where they are: housing.area, or members[2].labour. */
export type Changes = Record<string, Answer>;

const member = /^members\[(\d+)\]\.(.+)$/;

/** The patch that the API takes (RFC 7396): changed answers in their places; a list goes as a whole. */
export function patchOf(record: Answer, changes: Changes): Answers {
  const patch: Answers = {};
  let members: Answers[] | null = null;
  for (const [where, value] of Object.entries(changes)) {
    const inside = member.exec(where);
    if (!inside) {
      put(patch, where, value);
      continue;
    }
    members ??= structuredClone(itemsOf(record, 'members'));
    const of = members[Number(inside[1])];
    if (of) put(of, inside[2] ?? '', value);
  }
  if (members) patch['members'] = members;
  return patch;
}

/** The answer that stands at a place, members[2].labour included. */
export function answerWhere(record: Answer | undefined, where: string): Answer | undefined {
  const inside = member.exec(where);
  return inside ? answerAt(itemsOf(record, 'members')[Number(inside[1])], inside[2] ?? '') : answerAt(record, where);
}

/** The field at a place. */
export function fieldWhere(fields: FormField[], where: string): FormField | undefined {
  const inside = member.exec(where);
  if (!inside) return fields.find((field) => field.path === where);
  return fields.find((field) => field.path === 'members')?.fields?.find((field) => field.path === inside[2]);
}

export type Group = 'where' | 'why' | 'house' | 'land' | 'money' | 'wealth' | 'members';

const groups: [Group, RegExp][] = [
  ['where', /^(village|natural_village|group|number|phone|bank|account)$/],
  ['why', /^(standard|attribute|main_cause|other_causes)$/],
  ['house', /^(housing\.|water\.|fuel$|electricity$|toilet$|broadcasting$|cooperative$)/],
  ['land', /^(land\.|grain\.|livestock$)/],
  ['money', /^(income\.|spending\.|debt$)/],
  ['wealth', /^(vehicles|properties|companies)$/],
];

/** The fields in the groups of the paper form; what no group names stands in the last but one. */
export function grouped(fields: FormField[]): [Group, FormField[]][] {
  const of = (field: FormField) => groups.find(([, paths]) => paths.test(field.path))?.[0] ?? 'wealth';
  return groups.map(([group]) => [group, fields.filter((field) => field.path !== 'members' && of(field) === group)]);
}

/** A key of the ledger as the API writes it elsewhere: JSON carries it in base 64. */
export function uuidOf(key: string): string {
  return Array.from(atob(key), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
