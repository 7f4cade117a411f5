import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { useTextSize } from '../app/preferences';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import './grid.css';

export const rowHeights = { normal: 32, large: 44, larger: 52 };

/** A column of a grid: its width in rem, whether the server sorts by it, its words, and what is drawn where that is more than words. */
export interface GridColumn<Row> {
  name: string;
  title: string;
  width: number;
  sorts?: boolean;
  sortTitle?: string;
  numeric?: boolean | undefined;
  text: (row: Row) => string;
  draw?: (row: Row) => ReactNode;
}

/** A grid that behaves like a sheet: one cell is where one is, arrows move it, Enter opens its record, Ctrl+C copies it. */
export function Grid<Row extends { id: string }>({ rows, total, columns, sort = '', label, keysHint, onSort, onOpen, onEnd }: { rows: Row[]; total: number; columns: GridColumn<Row>[]; sort?: string; label: string; keysHint: string; onSort?: (sort: string) => void; onOpen: (row: Row) => void; onEnd: () => void }) {
  const shell = useWords(zh, en);
  const size = useTextSize();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const [copied, setCopied] = useState('');
  // eslint-disable-next-line react-hooks/incompatible-library -- the rows it draws are read anew each time, and none of it is remembered
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeights[size], overscan: 12 });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 40) onEnd();
  }, [lastShown, rows.length, onEnd]);
  useEffect(() => virtual.measure(), [size, virtual]);

  const cell = (row: number, column: number) => {
    const of = rows[row];
    const shown = columns[column];
    return of && shown ? shown.text(of) : '';
  };
  const open = (row: number) => {
    const of = rows[row];
    if (of) onOpen(of);
  };
  const move = (row: number, column: number) => {
    const next = { row: Math.max(0, Math.min(row, rows.length - 1)), column: Math.max(0, Math.min(column, columns.length - 1)) };
    setAt(next);
    virtual.scrollToIndex(next.row);
  };
  const copy = (row: number, column: number) => {
    const text = cell(row, column);
    void navigator.clipboard.writeText(text).then(() => setCopied(shell.copied(text)), () => undefined);
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeights[size]) - 2);
  const keys = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowDown: [at.row + 1, at.column], ArrowUp: [at.row - 1, at.column], ArrowRight: [at.row, at.column + 1], ArrowLeft: [at.row, at.column - 1],
      PageDown: [at.row + page, at.column], PageUp: [at.row - page, at.column], Home: [at.row, 0], End: [at.row, columns.length - 1],
    };
    const to = moves[event.key];
    if (to) move(...to);
    else if (event.key === 'Enter') open(at.row);
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey)) copy(at.row, at.column);
    else return;
    event.preventDefault();
  };
  const template = columns.map((column) => `${column.width}rem`).join(' ');
  return (
    <>
      <div
        ref={scroller}
        className="grid"
        role="grid"
        tabIndex={0}
        aria-label={`${label}. ${keysHint}`}
        aria-rowcount={total}
        aria-colcount={columns.length}
        aria-activedescendant={rows.length > 0 ? `cell-${at.row}-${at.column}` : undefined}
        onKeyDown={keys}
      >
        <div role="row" className="grid-head" style={{ gridTemplateColumns: template }}>
          {columns.map((column) => {
            const down = sort === `-${column.name}`;
            const up = sort === column.name;
            return (
              <div key={column.name} role="columnheader" aria-sort={down ? 'descending' : up ? 'ascending' : 'none'} className={column.numeric ? 'n' : ''}>
                {column.sorts && onSort ? (
                  <button type="button" tabIndex={-1} onClick={() => onSort(up ? `-${column.name}` : column.name)} title={column.sortTitle}>
                    {column.title} <span aria-hidden="true">{down ? '▼' : up ? '▲' : ''}</span>
                  </button>
                ) : column.title}
              </div>
            );
          })}
        </div>
        <div role="presentation" className="grid-body" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <div key={item.key} role="row" aria-rowindex={item.index + 2} className="grid-row" style={{ gridTemplateColumns: template, height: item.size, transform: `translateY(${item.start}px)` }}>
              {columns.map((column, index) => (
                <div
                  key={column.name}
                  id={`cell-${item.index}-${index}`}
                  role="gridcell"
                  aria-selected={item.index === at.row && index === at.column}
                  className={column.numeric ? 'n' : ''}
                  onClick={() => setAt({ row: item.index, column: index })}
                  onDoubleClick={() => open(item.index)}
                >
                  {index === 0 ? <button type="button" className="link" tabIndex={-1} onClick={() => open(item.index)}>{cell(item.index, index)}</button> : (rows[item.index] && column.draw?.(rows[item.index] as Row)) ?? cell(item.index, index)}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
      <p className="grid-foot quiet" role="status">{copied === '' ? keysHint : copied}</p>
    </>
  );
}
