import { useNavigate } from '@tanstack/react-router';

import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { Grid } from '../../kit/grid';
import { en } from '../../words/register.en';
import { zh } from '../../words/register.zh';
import { useWords } from '../../words/words';
import type { Column, HouseholdRow } from './columns';
import { maxNumbers, numbersIn } from './filter';

/** The households as a sheet: Enter opens one, pasted numbers are looked for. */
export function HouseholdGrid({ rows, total, columns, sort, onSort, onEnd, onPaste }: { rows: HouseholdRow[]; total: number; columns: Column[]; sort: string; onSort: (sort: string) => void; onEnd: () => void; onPaste: (numbers: string[]) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const form = useFormWords();
  const navigate = useNavigate();
  return (
    <Grid
      rows={rows}
      total={total}
      sort={sort}
      label={words.title}
      keysHint={words.keys}
      columns={columns.map((column) => ({ ...column, title: words.columns[column.name], sortTitle: words.sort(words.columns[column.name]), text: (row: HouseholdRow) => column.cell(row, format, form) }))}
      onSort={onSort}
      onOpen={(row) => void navigate({ to: '/register/$household', params: { household: row.id } })}
      onEnd={onEnd}
      onPaste={(pasted) => {
        const numbers = numbersIn(pasted);
        if (numbers.length > 0) onPaste(numbers.slice(0, maxNumbers));
      }}
    />
  );
}
