import { Input, Select } from 'antd';

import { useForm, type FormField } from '../../kit/form';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { unitIn } from './answer';
import { ListEditor } from './list-editor';
import type { Answer } from './record';

/** Whether this page edits such an answer: a household goes to another village by a move. */
export function edits(field: FormField): boolean {
  return field.type !== 'division' && field.type !== 'key';
}

export interface EditorProps {
  field: FormField;
  answer: Answer | undefined;
  asOf: string;
  onChange: (answer: Answer) => void;
  id?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  status?: '' | 'error';
  'aria-label'?: string;
}

/** The means to change one answer, by its type. */
export function Editor({ field, answer, asOf, onChange, ...rest }: EditorProps) {
  const words = useWords(zh, en);
  const text = useText();
  const codes = (useForm().data?.codes?.find((list) => list.name === field.codes)?.codes ?? []).filter((code) => (code.from ?? '') <= asOf && (code.until ?? '9999') >= asOf);
  const options = codes.map((code) => ({ value: code.code, label: text(code.title) }));
  switch (field.type) {
    case 'bool':
      return <Select {...rest} allowClear value={answer === undefined || answer === null ? null : answer === true ? 'yes' : 'no'} options={[{ value: 'yes', label: words.yes }, { value: 'no', label: words.no }]} onChange={(chosen: string | null | undefined) => onChange(chosen ? chosen === 'yes' : null)} />;
    case 'code':
      return <Select {...rest} allowClear showSearch={{ optionFilterProp: 'label' }} value={typeof answer === 'string' ? answer : null} options={options} onChange={(chosen: string | null | undefined) => onChange(chosen ?? null)} />;
    case 'codes':
      return <Select {...rest} mode="multiple" value={Array.isArray(answer) ? (answer as string[]) : []} options={options} onChange={(chosen: string[]) => onChange(chosen)} />;
    case 'list':
      return <ListEditor field={field} answer={answer} asOf={asOf} onChange={onChange} {...(rest.id === undefined ? {} : { id: rest.id })} />;
    case 'number':
    case 'money':
      return <Input {...rest} inputMode="decimal" className="n" value={typeof answer === 'number' || typeof answer === 'string' ? String(answer) : ''} suffix={field.type === 'money' ? undefined : unitIn(words.units, field)} onChange={(event) => onChange(event.target.value === '' ? null : numeric(event.target.value))} />;
    case 'date':
      return <Input {...rest} type="date" value={typeof answer === 'string' ? answer : ''} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)} />;
    case 'secret':
      return <Input {...rest} autoComplete="off" placeholder={words.secretKept} value={typeof answer === 'string' ? answer : ''} onChange={(event) => onChange(event.target.value)} />;
    default:
      return <Input {...rest} value={typeof answer === 'string' ? answer : ''} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)} />;
  }
}

/** A number where the text is one whole; else the text, which is then told to be wrong. */
function numeric(text: string): Answer {
  return /^-?\d+(\.\d*[1-9])?$/.test(text) ? Number(text) : text;
}
