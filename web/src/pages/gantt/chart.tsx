import { useVirtualizer } from '@tanstack/react-virtual';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { useTextSize } from '../../app/preferences';
import { useFormat } from '../../kit/format';
import { rowHeights } from '../../kit/grid';
import { LightShape } from '../../kit/light';
import { en as kitEn } from '../../words/kit.en';
import { zh as kitZh } from '../../words/kit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { Axis } from './axis';
import { BarLine } from './bar';
import type { Bar, Scale } from './scale';

/** A platform with its projects as far as they are read. */
export interface Group {
  id: string;
  name: string;
  open: boolean;
  total: number | null;
  bars: Bar[];
}

export type Line = { kind: 'group'; group: Group } | { kind: 'bar'; group: Group; bar: Bar } | { kind: 'more'; group: Group };

/** The lines of the chart: a platform, below it its projects while it is open, and the means to read more of them. */
export function linesOf(groups: Group[]): Line[] {
  return groups.flatMap((group): Line[] => [
    { kind: 'group', group },
    ...(group.open ? group.bars.map((bar): Line => ({ kind: 'bar', group, bar })) : []),
    ...(group.open && group.total !== null && group.bars.length < group.total ? [{ kind: 'more', group } as Line] : []),
  ]);
}

const labelWidth = { normal: 272, large: 330, larger: 380 };

/** The chart: rows are drawn as they come into sight, and every one can be reached with the keyboard. */
export function Chart({ groups, scale, asOf, onToggle, onMore, onZoom }: { groups: Group[]; scale: Scale; asOf: string; onToggle: (group: Group, open: boolean) => void; onMore: (group: Group) => void; onZoom: (by: number) => void }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZh, kitEn);
  const format = useFormat();
  const size = useTextSize();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const lines = linesOf(groups);
  const height = rowHeights[size];
  const label = labelWidth[size];
  // eslint-disable-next-line react-hooks/incompatible-library -- the rows it draws are read anew each time, and none of it is remembered
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 10 });
  useEffect(() => virtual.measure(), [height, virtual]);
  const goToday = () => {
    if (scroller.current) scroller.current.scrollLeft = Math.max(0, scale.x(asOf) - (scroller.current.clientWidth - label) * 0.7);
  };
  useEffect(goToday, [scale.width, scale.begin, label]); // eslint-disable-line react-hooks/exhaustive-deps -- once for each scale, not whenever something is drawn
  const act = (line: Line | undefined) => {
    if (line?.kind === 'group') onToggle(line.group, !line.group.open);
    else if (line?.kind === 'more') onMore(line.group);
    else if (line) void navigate({ to: '/projects/$project', params: { project: line.bar.id } });
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(to, lines.length - 1));
    setAt(next);
    virtual.scrollToIndex(next);
  };
  const sideways = (open: boolean) => {
    const line = lines[at];
    if (!line) return;
    if (line.kind === 'group' && line.group.open !== open) onToggle(line.group, open);
    else if (!open && line.kind !== 'group') move(lines.findIndex((one) => one.kind === 'group' && one.group.id === line.group.id));
    else if (open && line.kind === 'group') move(at + 1);
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 3);
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const does: Record<string, () => void> = {
      ArrowDown: () => move(at + 1), ArrowUp: () => move(at - 1), PageDown: () => move(at + page), PageUp: () => move(at - page), Home: () => move(0), End: () => move(lines.length - 1),
      ArrowRight: () => sideways(true), ArrowLeft: () => sideways(false), Enter: () => act(lines[at]), '+': () => onZoom(1), '=': () => onZoom(1), '-': () => onZoom(-1), t: goToday, T: goToday,
    };
    const one = does[event.key];
    if (!one) return;
    one();
    event.preventDefault();
  };
  const template = `${label}px ${scale.width}px`;
  return (
    <div ref={scroller} className="gantt" role="treegrid" tabIndex={0} aria-label={`${words.gantt}. ${words.ganttKeys}`} aria-rowcount={lines.length} aria-activedescendant={lines.length > 0 ? `gantt-${at}` : undefined} onKeyDown={keys}>
      <div role="row" className="gantt-head" style={{ gridTemplateColumns: template }}>
        <div role="columnheader">{words.columns.name}</div>
        <div role="columnheader" aria-label={`${words.ganttToday} ${format.day(asOf)}`}><Axis scale={scale} asOf={asOf} height={height * 1.4} /></div>
      </div>
      <div role="presentation" className="gantt-body" style={{ height: virtual.getTotalSize(), width: label + scale.width }}>
        <svg className="gantt-grid" style={{ left: label }} width={scale.width} height={virtual.getTotalSize()} aria-hidden="true">
          {scale.ticks.map((tick) => <line key={tick.at} x1={tick.at} x2={tick.at} y1={0} y2="100%" className={tick.month === 1 ? 'gantt-year' : 'gantt-tick'} />)}
          <line x1={scale.x(asOf)} x2={scale.x(asOf)} y1={0} y2="100%" className="gantt-today" />
        </svg>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const group = line.kind === 'group';
          return (
            <div
              key={item.key} id={`gantt-${item.index}`} role="row" aria-level={group ? 1 : 2} aria-selected={item.index === at} aria-rowindex={item.index + 2} {...(group ? { 'aria-expanded': line.group.open } : {})}
              className={`gantt-row gantt-row-${line.kind}`} style={{ gridTemplateColumns: template, height: item.size, transform: `translateY(${item.start}px)` }} onClick={() => setAt(item.index)}
            >
              <div role="rowheader" data-of-the-city className="gantt-label">
                {line.kind === 'group' && <button type="button" tabIndex={-1} onClick={() => act(line)}><span aria-hidden="true">{line.group.open ? '▾' : '▸'}</span> {line.group.total === null ? line.group.name : words.ganttGroup(line.group.name, format.number(line.group.total))}</button>}
                {line.kind === 'more' && <button type="button" className="link" tabIndex={-1} onClick={() => act(line)}>{words.ganttMore(format.number((line.group.total ?? 0) - line.group.bars.length))}</button>}
                {line.kind === 'bar' && (
                  <>
                    <span className={`light light-${line.bar.light}`} title={kit.lights[line.bar.light]}><LightShape light={line.bar.light} /><span className="unseen">{kit.lights[line.bar.light]}</span></span>
                    <button type="button" className="link" tabIndex={-1} title={line.bar.name} onClick={() => act(line)}>{line.bar.name}</button>
                  </>
                )}
              </div>
              <div role="gridcell">{line.kind === 'bar' && <BarLine bar={line.bar} scale={scale} asOf={asOf} height={height} />}</div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
