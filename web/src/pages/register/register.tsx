import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback, useMemo, useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay, useSession } from '../../app/session';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Views } from '../../kit/views';
import { Waiting } from '../../kit/waiting';
import { en as arrivalsEn } from '../../words/arrivals.en';
import { zh as arrivalsZh } from '../../words/arrivals.zh';
import { en } from '../../words/register.en';
import { zh } from '../../words/register.zh';
import { useWords } from '../../words/words';
import { useArrivals } from '../arrivals/waiting';
import { ExportForm } from '../imports/exports';
import { Chips } from './chips';
import { columns, hiddenColumns, keepHiddenColumns } from './columns';
import { useFilter } from './filter';
import { ColumnChooser, Filters } from './filters';
import { HouseholdGrid } from './grid';
import './register.css';

const pageRows = 100;

/** The households of the place as a sheet. Filter, order and pages are the server's. */
export function Register() {
  const words = useWords(zh, en);
  const format = useFormat();
  const may = useMay();
  const account = useSession()?.account ?? '';
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf);
  const [filter, setFilter] = useFilter(account);
  const [hidden, setHidden] = useState(() => hiddenColumns(account));
  const sort = filter.sort ?? 'head';
  const conditions = useMemo(
    () => ({ status: filter.status ?? '', attribute: filter.attribute ?? '', cause: filter.cause ?? '', findings: filter.findings === 'true', numbers: filter.numbers ?? '' }),
    [filter.status, filter.attribute, filter.cause, filter.findings, filter.numbers],
  );
  const query = useMemo(() => ({ division, sort, ...conditions }), [division, sort, conditions]);
  const [exporting, setExporting] = useState(false);
  const arrivalWords = useWords(arrivalsZh, arrivalsEn);
  const waiting = useArrivals().data?.arrivals?.length ?? 0;
  const list = useInfiniteQuery({
    queryKey: ['households', query],
    queryFn: ({ pageParam, signal }) => take(api.GET('/api/households', { params: { query: { ...query, limit: pageRows, after: pageParam } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled: division !== '',
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows ?? []) ?? [], [list.data]);
  const total = list.data?.pages[0]?.total ?? 0;
  const shown = useMemo(() => columns.filter((column) => !hidden.includes(column.name)), [hidden]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Page
      title={words.title}
      about={list.data ? words.about(place.data?.name ?? '', format.number(total)) : words.counting}
      action={
        <>
          <Views page="register" />
          <ColumnChooser hidden={hidden} onChange={(next) => {
            keepHiddenColumns(account, next);
            setHidden(next);
          }} />
          {may('export_records') && <Button onClick={() => setExporting(true)}>{words.exportSeen}</Button>}
        </>
      }
    >
      {waiting > 0 && <p className="arrivals-waiting"><Link to="/arrivals">{arrivalWords.waiting(format.number(waiting))}</Link></p>}
      <Filters filter={filter} onChange={setFilter} />
      <Chips filter={filter} onChange={setFilter} />
      {list.isError && <ProblemMessage error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={16} height={560} />}
      {list.isSuccess && rows.length === 0 && <Empty action={may('import_records') && <Link to="/imports">{words.emptyDo}</Link>}>{words.empty}</Empty>}
      {rows.length > 0 && (
        <div data-drawn={list.isPlaceholderData ? '' : JSON.stringify(query)}>
          <HouseholdGrid key={JSON.stringify(query)} rows={rows} total={total} columns={shown} sort={sort} onSort={(next) => setFilter({ sort: next })} onEnd={more} onPaste={(numbers) => setFilter({ numbers: numbers.join(',') })} />
        </div>
      )}
      {exporting && (
        <Panel title={words.exportSeen} onClose={() => setExporting(false)}>
          <ExportForm only={conditions} count={total} />
        </Panel>
      )}
    </Page>
  );
}
