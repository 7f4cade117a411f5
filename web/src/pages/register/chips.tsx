import { Button } from 'antd';

import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { en } from '../../words/register.en';
import { zh } from '../../words/register.zh';
import { useWords } from '../../words/words';
import { filterNames, type Filter } from './filter';

/** The filter in words, each condition with a way to take it away. */
export function Chips({ filter, onChange }: { filter: Filter; onChange: (change: Filter) => void }) {
  const words = useWords(zh, en);
  const form = useFormWords();
  const format = useFormat();
  const said = (name: (typeof filterNames)[number], value: string) => {
    switch (name) {
      case 'status': return value.split(',').map(form.status).join(' / ');
      case 'attribute': return form.code('attribute', value);
      case 'cause': return form.code('cause', value);
      case 'findings': return words.findings;
      case 'numbers': return words.pasted(format.number(value.split(',').length));
    }
  };
  const set = filterNames.filter((name) => filter[name]);
  if (set.length === 0) return <div className="chips" />;
  return (
    <div className="chips">
      {set.map((name) => {
        const what = said(name, filter[name] ?? '');
        return <Button key={name} size="small" aria-label={words.clear(what)} onClick={() => onChange({ [name]: '' })}>{what} <span aria-hidden="true">×</span></Button>;
      })}
      {set.length > 1 && <Button size="small" type="link" onClick={() => onChange(Object.fromEntries(filterNames.map((name) => [name, ''])))}>{words.clearAll}</Button>}
    </div>
  );
}
