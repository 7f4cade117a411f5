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

/** The text at a path; empty where there is none. */
export function textAt(record: Answer | undefined, path: string): string {
  const answer = answerAt(record, path);
  return typeof answer === 'string' ? answer : '';
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

/**
 * Changes by where they are: an answer at housing.area or members[KEY].labour, a list such as vehicles whole, and at members[KEY] itself a
 * member who leaves (null) or joins (true). KEY is the person's key, or one of newKey.
 */
export type Changes = Record<string, Answer>;

const member = /^members\[([^\]]+)\](?:\.(.+))?$/;

/** The member that a place is about and the answer within, undefined where it is the household's. */
export function memberAt(where: string): { key: string; path: string | undefined } | undefined {
  const inside = member.exec(where);
  return inside ? { key: inside[1] ?? '', path: inside[2] } : undefined;
}

export const atMember = (key: string, path?: string) => (path === undefined ? `members[${key}]` : `members[${key}].${path}`);

/** The key of a member who is not in the ledger yet. */
export const newKey = () => `new-${crypto.randomUUID()}`;

/** A member of a record under the key that places name them by. */
export interface Keyed {
  key: string;
  answers: Answers;
}

/** The members of a record with what is changed about them: who joins stands at the end; who leaves is still there, marked. */
export function membersOf(record: Answer | undefined, changes: Changes = {}): (Keyed & { joins: boolean; leaves: boolean })[] {
  const there = itemsOf(record, 'members').map((answers, index) => {
    const key = typeof answers['person'] === 'string' ? answers['person'] : String(index);
    return { key, answers, joins: false, leaves: changes[atMember(key)] === null };
  });
  const joining = Object.keys(changes).flatMap((where) => {
    const at = memberAt(where);
    return at && at.path === undefined && changes[where] === true ? [{ key: at.key, answers: {}, joins: true, leaves: false }] : [];
  });
  return [...there, ...joining];
}

/** The patch that the API takes (RFC 7396): changed answers in their places; a list goes as a whole. */
export function patchOf(record: Answer, changes: Changes): Answers {
  const patch: Answers = {};
  let ofMembers = false;
  for (const [where, value] of Object.entries(changes)) {
    if (memberAt(where)) ofMembers = true;
    else put(patch, where, value);
  }
  if (ofMembers) patch['members'] = staying(record, changes).map(({ answers }) => answers);
  return patch;
}

/** The members as they will be, with their changed answers. */
function staying(record: Answer, changes: Changes): Keyed[] {
  return membersOf(record, changes).filter((one) => !one.leaves).map(({ key, answers }) => {
    const now = structuredClone(answers);
    for (const [where, value] of Object.entries(changes)) {
      const at = memberAt(where);
      if (at?.key === key && at.path !== undefined) put(now, at.path, value);
    }
    return { key, answers: now };
  });
}

/** The place of ours that the server means by members[2].labour: it counts the members it was sent. */
export function placeOfServer(where: string, record: Answer, changes: Changes): string {
  const at = memberAt(where);
  const key = at && staying(record, changes)[Number(at.key)]?.key;
  return at && key !== undefined ? atMember(key, at.path) : where;
}

/** The answer that stands at a place; of a member as such, whether they are there. */
export function answerWhere(record: Answer | undefined, where: string): Answer | undefined {
  const at = memberAt(where);
  if (!at) return answerAt(record, where);
  const found = membersOf(record).find((one) => one.key === at.key);
  return at.path === undefined ? (found ? true : undefined) : answerAt(found?.answers, at.path);
}

/** The field at a place. */
export function fieldWhere(fields: FormField[], where: string): FormField | undefined {
  const at = memberAt(where);
  if (!at) return fields.find((field) => field.path === where);
  const members = fields.find((field) => field.path === 'members');
  return at.path === undefined ? members : members?.fields?.find((field) => field.path === at.path);
}

/** Whether two answers say the same; one that is missing is one that is cleared. */
export function sameAnswer(a: Answer | undefined, b: Answer | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** Where two records answer differently, within the fields given. */
export function differences(fields: FormField[], a: Answer, b: Answer): string[] {
  const inner = fields.find((field) => field.path === 'members')?.fields ?? [];
  const keys = [...new Set([...membersOf(a), ...membersOf(b)].map((one) => one.key))];
  const places = [
    ...fields.filter((field) => field.path !== 'members').map((field) => field.path),
    ...keys.flatMap((key) => {
      const both = [a, b].every((record) => answerWhere(record, atMember(key)) === true);
      return both ? inner.filter((field) => field.type !== 'key').map((field) => atMember(key, field.path)) : [atMember(key)];
    }),
  ];
  return places.filter((where) => !sameAnswer(answerWhere(a, where), answerWhere(b, where)));
}

export type Group = 'where' | 'why' | 'house' | 'land' | 'money' | 'vote' | 'wealth' | 'members';

const groups: [Group, RegExp][] = [
  ['where', /^(village|natural_village|group|number|phone|bank|account)$/],
  ['why', /^(standard|attribute|main_cause|other_causes)$/],
  ['house', /^(housing\.|water\.|fuel$|electricity$|toilet$|broadcasting$|cooperative$)/],
  ['land', /^(land\.|grain\.|livestock$)/],
  ['money', /^(income\.|spending\.|debt$)/],
  ['vote', /^vote\./],
  ['wealth', /^(vehicles|properties|companies)$/],
];

/** The fields in the groups of the paper form; what no group names stands in the last but one. */
export function grouped(fields: FormField[]): [Group, FormField[]][] {
  const of = (field: FormField) => groups.find(([, paths]) => paths.test(field.path))?.[0] ?? 'wealth';
  return groups.map(([group]) => [group, fields.filter((field) => field.path !== 'members' && of(field) === group)]);
}

/** Whether a key is of somebody who is only in the draft. */
export const joins = (key: string) => key.startsWith('new-');

/** A key of the ledger as the API writes it elsewhere: JSON carries it in base 64. */
export function uuidOf(key: string): string {
  return Array.from(atob(key), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
