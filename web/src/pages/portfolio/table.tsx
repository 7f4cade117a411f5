import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Popover } from 'antd';
import { useCallback, useMemo, useState } from 'react';

import { api, take } from '../../api/client';
import { useFormat } from '../../kit/format';
import { Grid } from '../../kit/grid';
import { LightTag } from '../../kit/light';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { columns, hiddenColumns, keepHiddenColumns, type ColumnName, type ProjectRow } from './columns';
import { useQueryOf, type Filter } from './filter';
import { useProjectLists } from './lists';

const pageRows = 100;

/** The projects of a filter as a sheet, by name, a page at a time from the server. */
export function ProjectTable({ filter }: { filter: Filter }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const lists = useProjectLists();
  const navigate = useNavigate();
  const query = useQueryOf(filter);
  const [hidden, setHidden] = useState(hiddenColumns);
  const list = useInfiniteQuery({
    queryKey: ['projects', 'table', query],
    queryFn: ({ pageParam, signal }) => take(api.GET('/api/projects', { params: { query: { ...query, limit: pageRows, after: pageParam } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows ?? []) ?? [], [list.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (list.isError) return <ProblemMessage error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <Waiting lines={16} height={560} />;
  return (
    <>
      <p className="table-tools"><ColumnChooser hidden={hidden} onChange={(next) => {
        keepHiddenColumns(next);
        setHidden(next);
      }} /></p>
      <Grid
        key={JSON.stringify(query)}
        rows={rows}
        total={list.data.pages[0]?.total ?? 0}
        label={words.title}
        keysHint={words.keys}
        columns={columns.filter((column) => !hidden.includes(column.name)).map((column) => ({
          name: column.name, width: column.width, numeric: column.numeric, title: column.money ? words.inUnit(words.columns[column.name], format.amountUnit) : words.columns[column.name],
          text: (row: ProjectRow) => column.text(row, format, lists),
          ...(column.name === 'light' ? { draw: (row: ProjectRow) => <LightTag light={row.light} slipped={Object.values(row.lights).some((light) => light.slipped)} /> } : {}),
        }))}
        onOpen={(row) => void navigate({ to: '/projects/$project', params: { project: row.id } })}
        onEnd={more}
      />
    </>
  );
}

/** Chooses the columns; the name always stays. */
function ColumnChooser({ hidden, onChange }: { hidden: ColumnName[]; onChange: (hidden: ColumnName[]) => void }) {
  const words = useWords(zh, en);
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      content={
        <div role="dialog" aria-label={words.columnsChoose} className="column-list">
          {columns.slice(1).map((column) => (
            <Checkbox key={column.name} checked={!hidden.includes(column.name)} onChange={(event) => onChange(event.target.checked ? hidden.filter((name) => name !== column.name) : [...hidden, column.name])}>{words.columns[column.name]}</Checkbox>
          ))}
        </div>
      }
    >
      <Button>{words.columnsChoose} <span aria-hidden="true">▾</span></Button>
    </Popover>
  );
}
