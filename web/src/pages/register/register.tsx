import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Views } from '../../kit/views';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/register.en';
import { zh } from '../../words/register.zh';
import { useWords } from '../../words/words';
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
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf);
  const [filter, setFilter] = useFilter();
  const [hidden, setHidden] = useState(hiddenColumns);
  const sort = filter.sort ?? 'head';
  const list = useInfiniteQuery({
    queryKey: ['households', division, filter.status, filter.attribute, filter.cause, filter.findings, filter.numbers, sort],
    queryFn: ({ pageParam, signal }) => {
      const query = { division, sort, limit: pageRows, after: pageParam, status: filter.status ?? '', attribute: filter.attribute ?? '', cause: filter.cause ?? '', findings: filter.findings === 'true', numbers: filter.numbers ?? '' };
      return take(api.GET('/api/households', { params: { query }, signal }));
    },
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
            keepHiddenColumns(next);
            setHidden(next);
          }} />
          {may('export_records') && <Link to="/imports" className="action-link">{words.exportSeen}</Link>}
        </>
      }
    >
      <Filters filter={filter} onChange={setFilter} />
      <Chips filter={filter} onChange={setFilter} />
      {list.isError && <ProblemMessage error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={16} height={560} />}
      {list.isSuccess && rows.length === 0 && <Empty action={may('import_records') && <Link to="/imports">{words.emptyDo}</Link>}>{words.empty}</Empty>}
      {rows.length > 0 && <HouseholdGrid key={`${division} ${sort} ${filter.status} ${filter.numbers}`} rows={rows} total={total} columns={shown} sort={sort} onSort={(next) => setFilter({ sort: next })} onEnd={more} />}
    </Page>
  );
}
