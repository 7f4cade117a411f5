import type { FormField } from '../../kit/form';
import { grouped } from '../../kit/format';
import type { zh } from '../../words/household.zh';
import type { Same } from '../../words/words';
import type { Answer } from './record';

/** What is wrong with an answer by the form's definition, while it is being typed; empty where nothing is. The server has the last word. */
export function wrongWith(field: FormField, answer: Answer | undefined, words: Same<typeof zh>['wrong']): string {
  if (answer === undefined || answer === null || answer === '') return field.required === true ? words.required : '';
  if (field.type === 'date') return typeof answer === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(answer) ? '' : words.date;
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
