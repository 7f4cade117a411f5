import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { FigureTile } from '../../kit/figure';
import { useFormat } from '../../kit/format';
import { Mark } from '../../kit/mark';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { Due } from '../problems/due';
import { Application } from './application';
import { useCatalogue } from './case-data';
import { CatalogueList, HeldPapers } from './catalogue-list';
import './cases.css';

/** Investors' matters: an investor's own, or those of a territory with how well they go. */
export function Cases() {
  const words = useWords(zh, en);
  const format = useFormat();
  const may = useMay();
  const { division, asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const [applying, setApplying] = useState<string | null>(null);
  const own = may('own_cases') && !may('read_cases');
  const asked = {
    as_of: asOf, limit: 50, ...(own ? {} : { division }),
    ...(address.state ? { state: address.state } : {}), ...(address.department ? { holder: address.department } : {}), ...(address.open ? { open: true } : {}), ...(address.overdue ? { overdue: true } : {}),
  };
  const cases = useInfiniteQuery({
    queryKey: ['cases', asked],
    queryFn: ({ pageParam }) => take(api.GET('/api/cases', { params: { query: pageParam === '' ? asked : { ...asked, after: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? null,
  });
  const first = cases.data?.pages[0];
  const rows = cases.data?.pages.flatMap((page) => page.rows ?? []) ?? [];
  return (
    <Page title={own ? words.ownTitle : words.title} about={own ? words.ownAbout : words.about} action={(may('own_cases') || may('handle_cases')) && <Button type="primary" onClick={() => setApplying('')}>{words.apply}</Button>}>
      {!own && may('read_figures') && <Measures division={division} asOf={asOf} />}
      <div className="filters no-print">
        <Field label={words.state}><Choice value={address.state ?? ''} options={[['', words.all], ...Object.entries(words.states)]} onChange={(state) => setAddress({ state })} /></Field>
        {!own && <Field label={words.department}><Input key={address.department ?? ''} defaultValue={address.department ?? ''} placeholder={words.departmentHint} onBlur={(event) => setAddress({ department: event.target.value.trim() })} onPressEnter={(event) => setAddress({ department: event.currentTarget.value.trim() })} /></Field>}
        <label><input type="checkbox" checked={address.open === '1'} onChange={(event) => setAddress({ open: event.target.checked ? '1' : '' })} /> {words.onlyOpen}</label>
        <label><input type="checkbox" checked={address.overdue === '1'} onChange={(event) => setAddress({ overdue: event.target.checked ? '1' : '' })} /> {words.onlyOverdue}</label>
      </div>
      <p role="status" className="board-said">{first && (first.overdue > 0 ? <strong><Mark tone="bad">{words.overdueMany(format.number(first.overdue))}</Mark></strong> : <span className="quiet">{words.overdueNone}</span>)}</p>
      {cases.isPending && <Waiting lines={6} height={240} />}
      {cases.isError && <ProblemMessage error={cases.error} retry={() => void cases.refetch()} />}
      {first && first.total === 0 && <Empty action={<Button onClick={() => setAddress({ state: '', department: '', open: '', overdue: '' })}>{words.clear}</Button>}>{own ? words.emptyOwn : words.empty}</Empty>}
      {rows.length > 0 && <CaseTable rows={rows} />}
      {first && first.total > 0 && (
        <p className="quiet after-table">
          {words.shown(format.number(rows.length), format.number(first.total))} {cases.hasNextPage && <Button size="small" loading={cases.isFetchingNextPage} onClick={() => void cases.fetchNextPage()}>{words.more}</Button>}
        </p>
      )}
      {own && <HeldPapers asOf={asOf} />}
      <CatalogueList onApply={own ? setApplying : undefined} />
      {applying !== null && <Application matter={applying} own={own} onClose={() => setApplying(null)} />}
    </Page>
  );
}

function CaseTable({ rows }: { rows: Schemas['MatterRow'][] }) {
  const words = useWords(zh, en);
  const text = useText();
  const catalogue = useCatalogue();
  const states: Record<string, string> = words.states;
  const matter = (code: string) => {
    const found = catalogue.data?.matters?.find((one) => one.code === code);
    return found ? text(found.title) : code;
  };
  return (
    <div className="scroll">
      <table className="table">
        <thead><tr><th scope="col">{words.caseWord}</th><th scope="col">{words.matter}</th><th scope="col">{words.place}</th><th scope="col">{words.state}</th><th scope="col">{words.holder}</th><th scope="col">{words.due}</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td><Link to={`/cases/${row.id}` as '/'}>{row.title}</Link></td>
              <td>{matter(row.kind)}</td>
              <td>{row.division.name}</td>
              <td className="nowrap">{states[row.state] ?? row.state}</td>
              <td>{row.holder}</td>
              <td>{row.due !== undefined && <Due due={row.due} open={row.open} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const measures = ['open_cases', 'cases_on_time', 'cases_first_time_right', 'documents_spared'];

/** How well cases go: figures of the book, each with its proof. */
function Measures({ division, asOf }: { division: string; asOf: string }) {
  const words = useWords(zh, en);
  const tiles = useQueries({
    queries: measures.map((name) => ({ queryKey: ['figure', name, division, asOf, 0], queryFn: () => take(api.GET('/api/figures/{name}', { params: { path: { name }, query: { division, as_of: asOf } } })) })),
  });
  return (
    <section aria-label={words.measures} className="tiles case-measures">
      {tiles.map((tile, index) => (tile.data ? <FigureTile key={measures[index]} figure={tile.data} /> : <article key={measures[index]} className="tile">{tile.isError ? <ProblemMessage error={tile.error} /> : <Waiting lines={2} height={110} />}</article>))}
    </section>
  );
}
