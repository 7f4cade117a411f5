import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';

import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Mark } from '../../kit/mark';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useText, useWords } from '../../words/words';
import { Cards } from './cards';
import { MatterList } from './matter-list';
import { readMatters, useRules, type Asked, type Board } from './matter';
import { NewMatter } from './new-matter';
import './problems.css';

/** Problems and supervised decisions: by state or as a list, with what is overdue said first. */
export function Problems() {
  const words = useWords(zh, en);
  const format = useFormat();
  const may = useMay();
  const { division, asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const [adding, setAdding] = useState(false);
  const board: Board = address.board === 'decisions' ? 'decisions' : 'problems';
  const list = address.view === 'list';
  const asked: Asked = {
    division, as_of: asOf, limit: 100,
    ...(address.kind ? { kind: address.kind } : {}), ...(address.office ? { holder: address.office } : {}), ...(address.open ? { open: true } : {}), ...(address.overdue ? { overdue: true } : {}),
  };
  const matters = useInfiniteQuery({
    queryKey: [board, asked],
    queryFn: ({ pageParam }) => readMatters(board, pageParam === '' ? asked : { ...asked, after: pageParam }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? null,
  });
  const first = matters.data?.pages[0];
  const rows = matters.data?.pages.flatMap((page) => page.rows ?? []) ?? [];
  return (
    <Page
      title={words.title}
      about={words.about}
      action={may('write_matters') && <Button type="primary" onClick={() => setAdding(true)}>{board === 'problems' ? words.newProblem : words.newDecision}</Button>}
    >
      <div className="filters no-print">
        <Segmented<Board> aria-label={words.boardsLabel} value={board} options={(['problems', 'decisions'] as const).map((value) => ({ value, label: words.boards[value] }))} onChange={(next) => setAddress({ board: next === 'problems' ? '' : next, kind: '' })} />
        <Segmented aria-label={words.view} value={list ? 'list' : 'cards'} options={(['cards', 'list'] as const).map((value) => ({ value, label: words.views[value] }))} onChange={(next) => setAddress({ view: next === 'list' ? 'list' : '' })} />
        {board === 'problems' && <KindChoice value={address.kind ?? ''} onChange={(kind) => setAddress({ kind })} />}
        <Field label={words.office}><Input key={address.office ?? ''} defaultValue={address.office ?? ''} placeholder={words.officeHint} onBlur={(event) => setAddress({ office: event.target.value.trim() })} onPressEnter={(event) => setAddress({ office: event.currentTarget.value.trim() })} /></Field>
        <label><input type="checkbox" checked={address.open === '1'} onChange={(event) => setAddress({ open: event.target.checked ? '1' : '' })} /> {words.onlyOpen}</label>
        <label><input type="checkbox" checked={address.overdue === '1'} onChange={(event) => setAddress({ overdue: event.target.checked ? '1' : '' })} /> {words.onlyOverdue}</label>
      </div>
      <p role="status" className="board-said">
        {first && (first.overdue > 0 ? <strong><Mark tone="bad">{words.overdueMany(format.number(first.overdue))}</Mark></strong> : <span className="quiet">{words.overdueNone}</span>)}
      </p>
      {matters.isPending && <Waiting lines={12} height={480} />}
      {matters.isError && <ProblemMessage error={matters.error} retry={() => void matters.refetch()} />}
      {first && first.total === 0 && (
        <Empty action={<Button onClick={() => setAddress({ kind: '', office: '', open: '', overdue: '' })}>{words.clear}</Button>}>{board === 'problems' ? words.empty : words.emptyDecisions}</Empty>
      )}
      {first && first.total > 0 && (list ? <MatterList board={board} rows={rows} /> : <Cards board={board} rows={rows} counts={first.states} />)}
      {first && first.total > 0 && (
        <p className="quiet after-table">
          {words.shown(format.number(rows.length), format.number(first.total))} {matters.hasNextPage && <Button size="small" loading={matters.isFetchingNextPage} onClick={() => void matters.fetchNextPage()}>{words.more}</Button>}
        </p>
      )}
      {adding && <NewMatter board={board} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function KindChoice({ value, onChange }: { value: string; onChange: (kind: string) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const rules = useRules();
  return <Field label={words.kind}><Choice value={value} options={[['', words.all], ...(rules.data?.kinds ?? []).map((kind): [string, string] => [kind.code, text(kind.title)])]} onChange={onChange} /></Field>;
}
