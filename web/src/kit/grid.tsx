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

/** A grid that behaves like a sheet: one cell is where one is, arrows move it and with Shift choose more, Enter opens its record, Ctrl+C copies for Excel and WPS. */
export function Grid<Row extends { id: string }>({ rows, total, columns, sort = '', label, keysHint, onSort, onOpen, onEnd, onPaste }: { rows: Row[]; total: number; columns: GridColumn<Row>[]; sort?: string; label: string; keysHint: string; onSort?: (sort: string) => void; onOpen: (row: Row) => void; onEnd: () => void; onPaste?: (text: string) => void }) {
  const shell = useWords(zh, en);
  const size = useTextSize();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  /** from is the other corner of what is chosen. */
  const [from, setFrom] = useState({ row: 0, column: 0 });
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
  const move = (row: number, column: number, stretch: boolean) => {
    const next = { row: Math.max(0, Math.min(row, rows.length - 1)), column: Math.max(0, Math.min(column, columns.length - 1)) };
    setAt(next);
    if (!stretch) setFrom(next);
    virtual.scrollToIndex(next.row);
  };
  const chosen = { top: Math.min(at.row, from.row), bottom: Math.max(at.row, from.row), left: Math.min(at.column, from.column), right: Math.max(at.column, from.column) };
  const isChosen = (row: number, column: number) => row >= chosen.top && row <= chosen.bottom && column >= chosen.left && column <= chosen.right;
  /** copy gives what is chosen as Excel and WPS paste it: cells by tabs, rows by lines. */
  const copy = () => {
    const lines = Array.from({ length: chosen.bottom - chosen.top + 1 }, (_, row) =>
      Array.from({ length: chosen.right - chosen.left + 1 }, (__, column) => cell(chosen.top + row, chosen.left + column).replaceAll(/[\t\r\n]/g, ' ')).join('\t'));
    const one = lines.length === 1 && chosen.left === chosen.right;
    void navigator.clipboard.writeText(lines.join('\n')).then(() => setCopied(one ? shell.copied(lines[0] ?? '') : shell.copiedRows(String(lines.length))), () => undefined);
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeights[size]) - 2);
  const keys = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowDown: [at.row + 1, at.column], ArrowUp: [at.row - 1, at.column], ArrowRight: [at.row, at.column + 1], ArrowLeft: [at.row, at.column - 1],
      PageDown: [at.row + page, at.column], PageUp: [at.row - page, at.column], Home: [at.row, 0], End: [at.row, columns.length - 1],
    };
    const to = moves[event.key];
    if (to) move(...to, event.shiftKey);
    else if (event.key === 'Enter') open(at.row);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      setFrom({ row: 0, column: 0 });
      setAt({ row: rows.length - 1, column: columns.length - 1 });
    }
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey)) copy();
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
        aria-multiselectable
        onKeyDown={keys}
        onPaste={(event) => onPaste?.(event.clipboardData.getData('text'))}
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
                  aria-selected={isChosen(item.index, index)}
                  data-at={item.index === at.row && index === at.column}
                  className={column.numeric ? 'n' : ''}
                  onMouseDown={(event) => event.shiftKey && event.preventDefault()}
                  onClick={(event) => move(item.index, index, event.shiftKey)}
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
