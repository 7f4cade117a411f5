import { useQueries } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useFilter, useQueryOf, type Filter } from '../portfolio/filter';
import { Chips, Filters, useNouns } from '../portfolio/filters';
import { useProjectRules, useRuleNames } from '../portfolio/lists';
import '../portfolio/portfolio.css';
import { Chart, type Group } from './chart';
import './gantt.css';
import { Legend } from './legend';
import { Listing } from './listing';
import { PaperChart, type Paper } from './paper';
import { monthWidths, scaleOf, type Bar, type ScaleName } from './scale';

const scales: ScaleName[] = ['year', 'half', 'quarter', 'month'];

/** Platforms are open at first as long as they have no more projects together than this. */
const openAtFirst = 240;

/** Platforms with their projects on a line of time: planned, happened, due, met and missed, and what was put off. */
export function Gantt() {
  const words = useWords(zh, en);
  const format = useFormat();
  const { asOf } = useMoment();
  const rule = useRuleNames();
  const [address, setAddress] = useAddress();
  const [filter, change] = useFilter();
  const [paper, setPaper] = useState<Paper>('a4');
  const { groups, asked, toggle, toggleAll, more } = useGroups(filter);
  const chosen = scales.find((one) => one === address['scale']) ?? 'half';
  const table = address['as'] === 'table';
  const bars = useMemo(() => groups.flatMap((group) => (group.open ? group.bars : [])), [groups]);
  const scale = useMemo(() => scaleOf(bars, asOf, monthWidths[chosen]), [bars, asOf, chosen]);
  const printing = usePrinting();
  const zoom = (by: number) => setAddress({ scale: scales[Math.max(0, Math.min(scales.indexOf(chosen) + by, scales.length - 1))] });
  return (
    <Page title={words.gantt} about={words.ganttAbout(format.day(asOf))} rule={rule} action={
      <>
        <Choice aria-label={words.ganttPaper} value={paper} options={[['a4', 'A4'], ['a3', 'A3']]} onChange={(value) => setPaper(value === 'a3' ? 'a3' : 'a4')} />
        <Button onClick={() => window.print()}>{words.ganttPrint}</Button>
      </>
    }>
      <div className="no-print">
        <div className="board-tools">
          <Segmented aria-label={words.view} value={table ? 'table' : 'chart'} options={[{ value: 'chart', label: words.ganttChart }, { value: 'table', label: words.ganttTable }]} onChange={(as) => setAddress({ as: as === 'table' ? 'table' : '' })} />
          {!table && <Segmented<ScaleName> aria-label={words.ganttScale} value={chosen} options={scales.map((value) => ({ value, label: words.ganttScales[value] }))} onChange={(next) => setAddress({ scale: next })} />}
          <Button onClick={() => toggleAll(true)}>{words.ganttExpand}</Button>
          <Button onClick={() => toggleAll(false)}>{words.ganttCollapse}</Button>
          <Filters filter={filter} onChange={change} />
        </div>
        <Chips filter={filter} onChange={change} />
      </div>
      {asked.isError && <ProblemMessage error={asked.error} retry={asked.retry} />}
      {asked.isPending && groups.length === 0 && <Waiting lines={14} height={520} />}
      {!asked.isPending && groups.length === 0 && <Empty>{words.ganttEmpty}</Empty>}
      {groups.length > 0 && (
        <>
          <Legend />
          <div className="no-print">{table ? <Listing groups={groups} asOf={asOf} /> : <Chart groups={groups} scale={scale} asOf={asOf} onToggle={(group, open) => toggle(group.id, open)} onMore={(group) => more(group.id)} onZoom={zoom} />}</div>
          {printing && <div className={`paper-${paper}`}><PaperChart groups={groups} asOf={asOf} paper={paper} /></div>}
        </>
      )}
    </Page>
  );
}

/** Whether the browser is about to print: what is only for paper is drawn then, before it looks. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

/** The platforms, the projects of those that are open, and the projects on none. */
function useGroups(filter: Filter) {
  const words = useWords(zh, en);
  const base = useQueryOf(filter);
  const platforms = useNouns('/api/platforms');
  const [opened, setOpened] = useState<Record<string, boolean>>({});
  const [pages, setPages] = useState<Record<string, number>>({});
  const rules = useProjectRules();
  const every = useMemo(() => {
    const order = (kind: string | undefined) => (rules?.lists['platforms'] ?? []).findIndex((choice) => choice.code === kind);
    const settled = (platforms.data?.rows ?? []).filter((row) => row.projects > 0)
      .sort((a, b) => order(a.platform?.kind) - order(b.platform?.kind) || (a.platform?.name ?? '').localeCompare(b.platform?.name ?? '', 'zh'))
      .map((row) => ({ id: row.id, name: row.platform?.name ?? '', projects: row.projects }));
    const all = platforms.data ? [...settled, { id: 'none', name: words.noPlatform, projects: openAtFirst }] : [];
    return filter.platform === undefined ? all : all.filter((one) => one.id === filter.platform);
  }, [platforms.data, words, filter.platform, rules]);
  const isOpen = (id: string, index: number) => opened[id] ?? (every.length === 1 || every.slice(0, index + 1).reduce((sum, one) => sum + one.projects, 0) <= openAtFirst);
  const asked = useQueries({
    queries: every.map(({ id }, index) => ({
      queryKey: ['projects', 'gantt', { ...base, platform: id }, pages[id] ?? 1],
      queryFn: async () => {
        const bars: Bar[] = [];
        let after = '';
        let total = 0;
        for (let page = 0; page < (pages[id] ?? 1); page++) {
          const read = await take(api.GET('/api/projects/gantt', { params: { query: { ...base, platform: id, after } } }));
          bars.push(...(read.bars ?? []));
          total = read.total;
          after = read.next ?? '';
          if (after === '') break;
        }
        return { bars, total };
      },
      enabled: isOpen(id, index),
    })),
  });
  const groups: Group[] = every.map(({ id, name }, index) => ({ id, name, open: isOpen(id, index), total: asked[index]?.data?.total ?? null, bars: asked[index]?.data?.bars ?? [] }));
  const failed = asked.find((one) => one.isError);
  return {
    groups,
    asked: { isPending: platforms.isPending, isError: platforms.isError || failed !== undefined, error: platforms.error ?? failed?.error, retry: () => void (failed ?? platforms).refetch() },
    toggle: (id: string, open: boolean) => setOpened({ ...opened, [id]: open }),
    toggleAll: (open: boolean) => setOpened(Object.fromEntries(every.map(({ id }) => [id, open]))),
    more: (id: string) => setPages({ ...pages, [id]: (pages[id] ?? 1) + 1 }),
  };
}
