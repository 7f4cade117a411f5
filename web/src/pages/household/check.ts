import type { FormField } from '../../kit/form';
import { grouped } from '../../kit/format';
import type { zh } from '../../words/household.zh';
import type { Same } from '../../words/words';
import type { Answer } from './record';

/** What is wrong with an answer by the form's definition, while it is being typed; empty where nothing is. The server has the last word. */
export function wrongWith(field: FormField, answer: Answer | undefined, words: Same<typeof zh>['wrong']): string {
  if (answer === undefined || answer === null || answer === '') return field.required === true ? words.required : '';
  if (field.type === 'list') {
    const items = Array.isArray(answer) ? answer : [];
    return items.flatMap((item) => (field.fields ?? []).map((inner) => wrongWith(inner, item !== null && typeof item === 'object' && !Array.isArray(item) ? item[inner.path] : undefined, words))).find((wrong) => wrong !== '') ?? '';
  }
  if (field.type === 'date') return typeof answer === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(answer) ? '' : words.date;
  if (field.path === 'id_number') return typeof answer === 'string' && identityWrong(answer) ? words.identity : '';
  if (field.type !== 'number' && field.type !== 'money') return '';
  if (typeof answer !== 'number' && typeof answer !== 'string') return words.number;
  const value = Number(answer);
  if (!Number.isFinite(value)) return words.number;
  if (value < 0 && field.signed !== true) return words.negative;
  const kept = field.type === 'money' ? 2 : (field.scale ?? 0);
  const written = (String(answer).split('.')[1] ?? '').length;
  if (written > kept) return kept === 0 ? words.whole : words.decimals(grouped(kept));
  if (field.max !== undefined && Math.abs(value) > field.max) return words.greatest(grouped(field.max));
  return '';
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether a citizen's number of eighteen digits has another check digit than GB 11643 gives; others are for the server. */
function identityWrong(text: string): boolean {
  const number = text.trim().toUpperCase();
  if (!/^\d{17}[\dX]$/.test(number)) return /^\d{16,}/.test(number) && number.length !== 18;
  return '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11] !== number[17];
}
