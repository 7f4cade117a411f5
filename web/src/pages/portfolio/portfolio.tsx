import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useEffect, useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useAddress } from '../../kit/address';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Views } from '../../kit/views';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { ProjectExportForm } from '../imports/project-exports';
import { NewNoun } from './edit/new-noun';
import { useFilter, useQueryOf } from './filter';
import { Chips, Filters } from './filters';
import { Headline } from './headline';
import { Lanes } from './lanes';
import { useRuleNames } from './lists';
import { ProjectMap } from './map';
import './portfolio.css';
import { ProjectTable } from './table';
import { YearBars } from './year-bars';

type View = keyof (typeof zh)['views'];

const viewKey = 'liandong.projects.view';

/** The view of the address, or the one looked at last in this browser. */
function useView(): View {
  const [address] = useAddress();
  const view = address['view'] ?? localStorage.getItem(viewKey) ?? '';
  const known: View = view === 'light' || view === 'table' || view === 'map' ? view : 'stage';
  useEffect(() => localStorage.setItem(viewKey, known), [known]);
  return known;
}

/** How far the work has come: the figures that are said aloud, and the projects behind them by stage, by alert, as a sheet or on the map. */
export function Portfolio() {
  const words = useWords(zh, en);
  const format = useFormat();
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf);
  const [filter, change] = useFilter();
  const query = useQueryOf(filter);
  const view = useView();
  const rule = useRuleNames();
  const may = useMay();
  const [exporting, setExporting] = useState(false);
  const board = useQuery({ queryKey: ['projects', 'board', query], queryFn: () => take(api.GET('/api/projects/board', { params: { query } })), placeholderData: keepPreviousData });
  const cells = board.data?.stages ?? [];
  const total = cells.reduce((sum, cell) => sum + cell.projects, 0);
  return (
    <Page
      title={words.title}
      about={board.data ? words.about(place.data?.name ?? '', format.number(total)) : words.counting}
      rule={rule}
      action={
        <>
          <NewNoun noun="project" />
          <Views page="projects" />
          {may('export_projects') && <Button disabled={total === 0} onClick={() => setExporting(true)}>{words.exportSeen}</Button>}
          <Link to="/gantt" className="action-link">{words.ganttOpen}</Link>
        </>
      }
    >
      <Headline />
      <YearBars filter={filter} />
      <div className="board-tools">
        <Segmented<View> aria-label={words.view} value={view} options={(['stage', 'light', 'table', 'map'] as const).map((value) => ({ value, label: words.views[value] }))} onChange={(next) => change({ view: next })} />
        <Filters filter={filter} onChange={change} />
      </div>
      <Chips filter={filter} onChange={change} />
      {board.isError && <ProblemMessage error={board.error} retry={() => void board.refetch()} />}
      {board.isPending && <Waiting lines={12} height={480} />}
      {board.isSuccess && total === 0 && <Empty>{words.empty} {words.emptyDo}</Empty>}
      {exporting && (
        <Panel title={words.exportSeen} onClose={() => setExporting(false)}>
          <ProjectExportForm only={filter} count={total} />
        </Panel>
      )}
      {board.isSuccess && total > 0 && (view === 'table' ? <ProjectTable filter={filter} /> : view === 'map' ? <ProjectMap filter={filter} /> : <Lanes by={view} filter={filter} cells={cells} onNarrow={change} />)}
    </Page>
  );
}
