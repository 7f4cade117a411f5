import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Input } from 'antd';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay, useSession } from '../../app/session';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { saveFile } from '../../kit/save';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/log.en';
import { zh } from '../../words/log.zh';
import { useText, useWords } from '../../words/words';
import { kindOf, operationsOf } from './kinds';

/** Who did or read what. */
export function Log() {
  const words = useWords(zh, en);
  const format = useFormat();
  const session = useSession();
  const [filter, setFilter] = useAddress();
  const { division } = useMoment();
  const county = division === session?.city.id || division === '' ? undefined : division.slice(0, 6).padEnd(12, '0');
  const query = {
    ...(county === undefined ? {} : { division: county }),
    ...(filter.from ? { from: `${filter.from}T00:00:00+08:00` } : {}),
    ...(filter.until ? { until: `${filter.until}T23:59:59+08:00` } : {}),
    ...(filter.actor ? { actor: filter.actor } : {}),
    ...(filter.kind ? { operations: operationsOf(filter.kind).join(',') } : {}),
  };
  const log = useInfiniteQuery({
    queryKey: ['log', query],
    queryFn: ({ pageParam, signal }) => take(api.GET('/api/log', { params: { query: { ...query, limit: 50, ...(pageParam === '' ? {} : { after: pageParam }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? null,
  });
  const acts = log.data?.pages.flatMap((page) => page.acts ?? []) ?? [];
  return (
    <Page title={words.title} about={words.about} action={<Verification />}>
      <Filters />
      {log.isPending && <Waiting lines={14} height={480} />}
      {log.isError && <ProblemMessage error={log.error} retry={() => void log.refetch()} />}
      {log.isSuccess && acts.length === 0 && (
        <Empty action={<Button onClick={() => setFilter({ from: undefined, until: undefined, actor: undefined, kind: undefined })}>{words.clear}</Button>}>{words.empty}</Empty>
      )}
      {acts.length > 0 && (
        <div className="scroll" role="region" aria-label={words.title} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.at}</th><th scope="col">{words.actor}</th><th scope="col">{words.what}</th><th scope="col">{words.why}</th>
                <th scope="col">{words.subject}</th><th scope="col">{words.place}</th><th scope="col" className="n">{words.entries}</th>
              </tr>
            </thead>
            <tbody>{acts.map((act) => <Act key={`${act.tree} ${act.first}`} act={act} />)}</tbody>
          </table>
        </div>
      )}
      {log.hasNextPage && <p className="after-table"><Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{words.more}</Button> <span className="quiet">{format.number(acts.length)}</span></p>}
    </Page>
  );
}

function Act({ act }: { act: Schemas['ActView'] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const mayRead = useMay()('read_records');
  const [, setFilter] = useAddress();
  const operations: Record<string, string> = words.operations;
  const kind = kindOf(act.operation);
  return (
    <tr>
      <td className="nowrap">{format.moment(act.at)}</td>
      <td className="nowrap" title={act.actor}>{act.actor_name === undefined ? act.actor : <button type="button" className="link" title={words.onlyActor(act.actor_name)} data-of-the-city onClick={() => setFilter({ actor: act.actor })}>{act.actor_name}</button>}</td>
      <td className={kind === 'reading' || kind === 'output' ? 'log-reading' : ''}>{operations[act.operation] ?? act.operation}</td>
      <td>{[act.reason, act.source].filter((word) => word !== undefined && word !== '').join(' · ')}</td>
      <td>{act.subject === undefined ? '' : mayRead ? <Link to="/register/$household" params={{ household: act.subject }}>{words.open}</Link> : <span className="quiet">{act.subject.slice(0, 8)}</span>}</td>
      <td>{act.county?.name ?? words.system}</td>
      <td className="n">{format.number(act.count)}</td>
    </tr>
  );
}

function Filters() {
  const words = useWords(zh, en);
  const [filter, setFilter] = useAddress();
  const filtered = filter.from ?? filter.until ?? filter.actor ?? filter.kind;
  return (
    <form className="filters" aria-label={words.filters} onSubmit={(event) => event.preventDefault()}>
      <Field label={words.from}><Input type="date" value={filter.from ?? ''} onChange={(event) => setFilter({ from: event.target.value })} /></Field>
      <Field label={words.until}><Input type="date" value={filter.until ?? ''} onChange={(event) => setFilter({ until: event.target.value })} /></Field>
      <Field label={words.actor}><Input key={filter.actor ?? ''} defaultValue={filter.actor ?? ''} placeholder={words.actorHint} onBlur={(event) => setFilter({ actor: event.target.value.trim() })} onPressEnter={(event) => setFilter({ actor: event.currentTarget.value.trim() })} /></Field>
      <Field label={words.kind}>
        <Choice value={filter.kind ?? ''} options={[['', words.allKinds], ...Object.entries(words.kinds)]} onChange={(kind) => setFilter({ kind })} />
      </Field>
      {filtered !== undefined && <Button type="link" onClick={() => setFilter({ from: undefined, until: undefined, actor: undefined, kind: undefined })}>{words.clear}</Button>}
    </form>
  );
}

function Verification() {
  const words = useWords(zh, en);
  const format = useFormat();
  const text = useText();
  const may = useMay()('verify_log');
  const verify = useMutation({ mutationFn: () => take(api.POST('/api/log/verify')) });
  const checkpoint = useMutation({
    mutationFn: () => take(api.GET('/api/log/checkpoint', { parseAs: 'blob' })),
    onSuccess: (file) => saveFile(`checkpoint-${new Date().toISOString().slice(0, 10)}.txt`, file),
  });
  if (!may) return null;
  const report = verify.data;
  return (
    <div className="verification">
      <Button type="primary" disabled={verify.isPending} onClick={() => verify.mutate()}>{verify.isPending ? words.verifying : words.verify}</Button>
      <Button title={words.checkpointAbout} onClick={() => checkpoint.mutate()}>{words.checkpoint}</Button>
      <div role="status" className="verification-said">
        {report?.ok === true && <Alert type="success" title={words.verified(format.number(report.trees), format.number(report.leaves), format.number(report.records))} />}
        {report?.ok === false && (
          <Alert
            type="error"
            title={words.faulty(format.number(report.faults?.length))}
            description={<ul>{report.faults?.map((fault) => <li key={`${fault.tree} ${fault.sequence}`}>{words.fault(String(fault.tree), String(fault.sequence))} {text(fault.text)}</li>)}</ul>}
          />
        )}
        {verify.isError && <ProblemMessage error={verify.error} />}
        {checkpoint.isError && <ProblemMessage error={checkpoint.error} />}
      </div>
    </div>
  );
}
