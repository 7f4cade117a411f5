import type { ReactNode } from 'react';

import type { Schemas } from '../../api/client';
import type { useFormat } from '../../kit/format';
import type { zh } from '../../words/portfolio.zh';
import type { useProjectLists } from './lists';

export type ProjectRow = Schemas['ProjectRow'];
export type ColumnName = keyof (typeof zh)['columns'];

/** A column of the table of projects. */
export interface ProjectColumn {
  name: ColumnName;
  width: number;
  numeric?: boolean;
  money?: boolean;
  text: (row: ProjectRow, format: ReturnType<typeof useFormat>, lists: ReturnType<typeof useProjectLists>) => string;
  draw?: (row: ProjectRow) => ReactNode;
}

/** The name stands first and stays in place. The light is drawn by the table. */
export const columns: ProjectColumn[] = [
  { name: 'name', width: 20, text: (row) => row.name },
  { name: 'light', width: 11, text: (row, _, lists) => lists.title('lights', row.light) },
  { name: 'stage', width: 7, text: (row, _, lists) => lists.title('stages', row.stage) },
  { name: 'since', width: 10, text: (row, format) => format.day(row.stage_since) },
  { name: 'division', width: 9, text: (row) => row.division.name },
  { name: 'amount', width: 10, numeric: true, money: true, text: (row, format) => format.amount(row.amount_fen) },
  { name: 'basis', width: 7, text: (row, _, lists) => lists.title('bases', row.basis) },
  { name: 'physical', width: 7, numeric: true, text: (row, format) => format.percent(row.physical) },
  { name: 'planned', width: 7, numeric: true, text: (row, format) => format.percent(row.planned) },
  { name: 'arrived', width: 10, numeric: true, money: true, text: (row, format) => format.amount(row.arrived_fen) },
  { name: 'spent', width: 10, numeric: true, money: true, text: (row, format) => format.amount(row.spent_fen) },
  { name: 'owner', width: 8, numeric: true, text: (row, format) => format.percent(row.owner_confidence) },
  { name: 'inspector', width: 8, numeric: true, text: (row, format) => format.percent(row.inspector_confidence) },
  { name: 'origin', width: 6, text: (row, _, lists) => lists.title('origins', row.origin) },
  { name: 'function', width: 16, text: (row, _, lists) => lists.title('functions', row.function) },
  { name: 'sector', width: 10, text: (row, _, lists) => lists.title('sectors', row.sector) },
  { name: 'zone', width: 18, text: (row, _, lists) => lists.title('zones', row.zone) },
  { name: 'number', width: 10, text: (row) => row.number ?? '' },
];

const key = 'liandong.projects.columns';

/** The columns that the reader has put away, kept in this browser. */
export function hiddenColumns(): ColumnName[] {
  return (localStorage.getItem(key) ?? 'basis,origin,function,sector,zone').split(',').filter((name): name is ColumnName => columns.some((column) => column.name === name));
}

export function keepHiddenColumns(names: ColumnName[]): void {
  localStorage.setItem(key, names.join(','));
}
