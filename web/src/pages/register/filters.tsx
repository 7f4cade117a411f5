import { Button, Checkbox, Input, Popover, Select } from 'antd';
import { useState } from 'react';

import { useForm } from '../../kit/form';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { en } from '../../words/register.en';
import { zh } from '../../words/register.zh';
import { useText, useWords } from '../../words/words';
import { columns, type ColumnName } from './columns';
import { maxNumbers, numbersIn, type Filter } from './filter';

/** Chooses conditions; each shows at once as a chip. */
export function Filters({ filter, onChange }: { filter: Filter; onChange: (change: Filter) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const form = useForm().data;
  const list = (name: string) => (form?.codes?.find((codes) => codes.name === name)?.codes ?? []).map((code) => ({ value: code.code, label: text(code.title) }));
  const statuses = (form?.statuses ?? []).map((status) => ({ value: status.code, label: text(status.title) }));
  return (
    <div className="filters" role="group" aria-label={words.filter}>
      <Select mode="multiple" maxTagCount={0} maxTagPlaceholder={words.status} placeholder={words.status} aria-label={words.status} value={filter.status ? filter.status.split(',') : []} options={statuses} onChange={(chosen: string[]) => onChange({ status: chosen.join(',') })} />
      <Select allowClear placeholder={words.attribute} aria-label={words.attribute} value={filter.attribute ? filter.attribute : null} options={list('attribute')} onChange={(chosen: string | null) => onChange({ attribute: chosen ?? '' })} />
      <Select allowClear placeholder={words.cause} aria-label={words.cause} value={filter.cause ? filter.cause : null} options={list('cause')} onChange={(chosen: string | null) => onChange({ cause: chosen ?? '' })} />
      <Checkbox checked={filter.findings === 'true'} onChange={(event) => onChange({ findings: event.target.checked ? 'true' : '' })}>{words.findings}</Checkbox>
      <PasteNumbers onFind={(numbers) => onChange({ numbers: numbers.join(',') })} />
    </div>
  );
}

function PasteNumbers({ onFind }: { onFind: (numbers: string[]) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const [block, setBlock] = useState('');
  const numbers = numbersIn(block);
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomLeft"
      content={
        <form className="views" onSubmit={(event) => {
          event.preventDefault();
          onFind(numbers);
          setOpen(false);
        }}>
          <Field label={words.paste} help={words.pasteHelp}><Input.TextArea rows={6} value={block} onChange={(event) => setBlock(event.target.value)} /></Field>
          <Button type="primary" htmlType="submit" disabled={numbers.length === 0 || numbers.length > maxNumbers}>{words.pasteFind(format.number(numbers.length))}</Button>
        </form>
      }
    >
      <Button>{words.paste}</Button>
    </Popover>
  );
}

/** Chooses the columns; the name always stays. */
export function ColumnChooser({ hidden, onChange }: { hidden: ColumnName[]; onChange: (hidden: ColumnName[]) => void }) {
  const words = useWords(zh, en);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div role="dialog" aria-label={words.columnsChoose} className="column-list">
          {columns.slice(1).map((column) => (
            <Checkbox key={column.name} checked={!hidden.includes(column.name)} onChange={(event) => onChange(event.target.checked ? hidden.filter((name) => name !== column.name) : [...hidden, column.name])}>{words.columns[column.name]}</Checkbox>
          ))}
        </div>
      }
    >
      <Button>{words.columnsChoose} <span aria-hidden="true">▾</span></Button>
    </Popover>
  );
}
