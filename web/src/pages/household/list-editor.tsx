import { Button } from 'antd';

import { Field } from '../../kit/field';
import type { FormField } from '../../kit/form';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { wrongWith } from './check';
import { Editor } from './editor';
import type { Answer, Answers } from './record';

/** A short list of the form, such as vehicles: a line for each, with the means to add one and take one away. */
export function ListEditor({ field, answer, asOf, onChange, id }: { field: FormField; answer: Answer | undefined; asOf: string; onChange: (answer: Answer) => void; id?: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const items = Array.isArray(answer) ? (answer as Answers[]) : [];
  const replace = (index: number, item: Answers) => onChange(items.map((other, at) => (at === index ? item : other)));
  return (
    <div className="list-editor" role="group" aria-label={text(field.title)}>
      {items.map((item, index) => (
        <div key={index} className="list-line">
          {(field.fields ?? []).map((inner) => (
            <Field key={inner.path} label={text(inner.title)} error={wrongWith(inner, item[inner.path], words.wrong)}>
              <Editor field={inner} answer={item[inner.path]} asOf={asOf} onChange={(next) => replace(index, next === null ? without(item, inner.path) : { ...item, [inner.path]: next })} />
            </Field>
          ))}
          <Button size="small" aria-label={words.lineRemove(text(field.title), String(index + 1))} onClick={() => onChange(items.filter((_, at) => at !== index))}>×</Button>
        </div>
      ))}
      <Button size="small" {...(id === undefined ? {} : { id })} aria-label={words.lineAdd(text(field.title))} onClick={() => onChange([...items, {}])}>{words.lineAdd(text(field.title))}</Button>
    </div>
  );
}

function without(item: Answers, path: string): Answers {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== path));
}
