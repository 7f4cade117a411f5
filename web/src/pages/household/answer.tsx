import type { Ref } from '../../api/client';
import { useFormWords, type FormField } from '../../kit/form';
import { grouped, useFormat } from '../../kit/format';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useWords } from '../../words/words';
import type { Answer } from './record';

/** How an answer reads on paper. */
export function useAnswerText(division: Ref | undefined): (field: FormField, answer: Answer | undefined) => string {
  const words = useWords(zh, en);
  const form = useFormWords();
  const format = useFormat();
  const read = (field: FormField, answer: Answer | undefined): string => {
    if (answer === undefined || answer === null) return words.unanswered;
    switch (field.type) {
      case 'bool': return answer === true ? words.yes : words.no;
      case 'code': return typeof answer === 'string' ? form.code(field.codes ?? '', answer) : '';
      case 'codes': return Array.isArray(answer) ? answer.map((code) => (typeof code === 'string' ? form.code(field.codes ?? '', code) : '')).join(' / ') || words.none : '';
      case 'date': return typeof answer === 'string' ? format.day(answer) : '';
      case 'division': return division?.name ?? '';
      case 'money': return typeof answer === 'number' ? `${format.money(answer)} ${format.moneyUnit}` : '';
      case 'number': return typeof answer === 'number' ? field.unit === 'year' ? String(answer) : `${grouped(answer, decimals(answer))} ${unitIn(words.units, field)}`.trim() : '';
      case 'list':
        return Array.isArray(answer) && answer.length > 0
          ? answer.map((item) => (field.fields ?? []).map((inner) => (item !== null && typeof item === 'object' && !Array.isArray(item) && item[inner.path] !== undefined ? read(inner, item[inner.path]) : '')).filter(Boolean).join(' ')).join('; ')
          : words.none;
      default: return typeof answer === 'string' ? answer : JSON.stringify(answer);
    }
  };
  return read;
}

/** The unit of a field in words; none for years and bare counts. */
export function unitIn(units: Record<string, string>, field: FormField): string {
  return field.unit === undefined || field.unit === 'year' ? '' : (units[field.unit] ?? field.unit);
}

function decimals(value: number): number {
  return Math.min((String(value).split('.')[1] ?? '').length, 4);
}
