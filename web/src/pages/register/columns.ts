import type { Schemas } from '../../api/client';
import type { useFormWords } from '../../kit/form';
import type { useFormat } from '../../kit/format';
import type { zh } from '../../words/register.zh';

export type HouseholdRow = Schemas['HouseholdRow'];
export type ColumnName = keyof (typeof zh)['columns'];

/** A column of the grid: its width in rem, whether the server sorts by it, and what stands in it. */
export interface Column {
  name: ColumnName;
  width: number;
  sorts: boolean;
  numeric?: boolean;
  cell: (row: HouseholdRow, format: ReturnType<typeof useFormat>, words: ReturnType<typeof useFormWords>) => string;
}

/** The name stands first and stays in place. */
export const columns: Column[] = [
  { name: 'head', width: 7, sorts: true, cell: (row) => row.head },
  { name: 'village', width: 13, sorts: true, cell: (row) => row.division.name },
  { name: 'number', width: 11, sorts: true, cell: (row) => row.number },
  { name: 'size', width: 5, sorts: true, numeric: true, cell: (row, format) => format.number(row.size) },
  { name: 'status', width: 12.5, sorts: true, cell: (row, _, words) => words.status(row.status) },
  { name: 'since', width: 10, sorts: true, cell: (row, format) => format.day(row.since) },
  { name: 'attribute', width: 9, sorts: false, cell: (row, _, words) => (row.attribute ? words.code('attribute', row.attribute) : '') },
  { name: 'cause', width: 9, sorts: false, cell: (row, _, words) => (row.cause ? words.code('cause', row.cause) : '') },
  { name: 'valid', width: 10, sorts: true, cell: (row, format) => format.day(row.valid) },
  { name: 'findings', width: 7, sorts: true, numeric: true, cell: (row, format) => (row.findings > 0 ? format.number(row.findings) : '') },
];

const key = (account: string) => `liandong.register.columns.${account}`;

/** The columns that the account has put away, kept in this browser. */
export function hiddenColumns(account: string): ColumnName[] {
  return (localStorage.getItem(key(account)) ?? '').split(',').filter((name): name is ColumnName => columns.some((column) => column.name === name));
}

export function keepHiddenColumns(account: string, names: ColumnName[]): void {
  localStorage.setItem(key(account), names.join(','));
}
