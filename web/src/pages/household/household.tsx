import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useDraft } from '../../kit/draft';
import { useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { Decisions } from './decisions';
import { useHouseholdDraft } from './draft';
import './household.css';
import { Links } from './links';
import { Move } from './move';
import { answerAt, itemsOf, type Answer } from './record';
import { Sheet } from './sheet';
import { Split } from './split';
import { Timeline } from './timeline';

/** One household: the form as it was entered, how it came to be, and the means to change it. */
export function HouseholdPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const form = useFormWords();
  const may = useMay();
  const { asOf, setAsOf } = useMoment();
  const { household: id } = useParams({ from: '/register/$household' });
  const path = { id };
  const household = useQuery({ queryKey: ['household', id, asOf], queryFn: () => take(api.GET('/api/households/{id}', { params: { path, query: { as_of: asOf } } })), placeholderData: keepPreviousData });
  const history = useQuery({ queryKey: ['history', id], queryFn: () => take(api.GET('/api/households/{id}/history', { params: { path } })) });
  const findings = useQuery({ queryKey: ['findings', id, asOf], queryFn: () => take(api.GET('/api/households/{id}/findings', { params: { path, query: { as_of: asOf } } })) });
  const view = household.data;
  const head = view && itemsOf(view.record as Answer, 'members').find((member) => member['relation'] === 'head' || member['relation'] === 'self');
  const name = head ? answerAt(head, 'name') : undefined;
  const edit = useHouseholdDraft(id);
  const [open, setOpen] = useDraft<'move' | 'split'>(`panel.${id}`);
  const writes = view !== undefined && may('write_records') && itemsOf(view.record as Answer, 'members').length > 0;
  return (
    <Page
      title={typeof name === 'string' ? name : words.title}
      about={view && `${view.path} · ${view.number} · ${words.persons(format.number(itemsOf(view.record as Answer, 'members').length))} · ${form.status(view.status)} ${view.since ? words.since(format.day(view.since)) : ''} · ${words.asRecorded(format.day(view.valid))}`}
      action={
        <>
          <Link to="/register" className="action-link">{words.back}</Link>
          {writes && edit.draft === null && (
            <>
              <Button onClick={() => setOpen('split')} disabled={itemsOf(view.record as Answer, 'members').length < 2}>{words.split}</Button>
              <Button onClick={() => setOpen('move')}>{words.move}</Button>
              <Button type="primary" onClick={() => edit.begin(view.version, view.record as Answer, asOf)}>{words.edit}</Button>
            </>
          )}
        </>
      }
    >
      <Slider days={[...new Set((history.data?.revisions ?? []).map((revision) => revision.valid))]} asOf={asOf} onGo={setAsOf} />
      {household.isPending && <Waiting lines={16} height={600} />}
      {household.isError && <ProblemMessage error={household.error} retry={() => void household.refetch()} />}
      {view && (
        <div className="household">
          <section aria-label={words.form}><Sheet key={id} view={view} edit={edit} /></section>
          <aside>
            <section aria-labelledby="decisions">
              <h2 id="decisions">{words.decisions}</h2>
              <Decisions household={id} asOf={asOf} />
            </section>
            <section aria-labelledby="findings">
              <h2 id="findings">{words.findings}</h2>
              <Found findings={findings.data?.findings ?? null} />
            </section>
            <Links household={id} />
            <section aria-labelledby="history">
              <h2 id="history">{words.history}</h2>
              {history.isPending && <Waiting lines={6} />}
              <Timeline revisions={history.data?.revisions ?? []} current={view.revision} onGo={setAsOf} />
            </section>
          </aside>
        </div>
      )}
      {view && open === 'move' && <Move view={view} asOf={asOf} onClose={() => setOpen(null)} />}
      {view && open === 'split' && <Split view={view} asOf={asOf} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function Found({ findings }: { findings: Schemas['Finding'][] | null }) {
  const words = useWords(zh, en);
  const text = useText();
  if (findings === null) return <Waiting lines={2} />;
  if (findings.length === 0) return <p className="quiet">{words.findingsNone}</p>;
  return <ul className="findings">{findings.map((finding) => <li key={finding.where + finding.kind}>{text(finding.message)}</li>)}</ul>;
}

/** Moves between the days on which something was entered, and the day asked for. */
function Slider({ days, asOf, onGo }: { days: string[]; asOf: string; onGo: (day: string) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const stops = [...new Set([...days, asOf])].sort();
  if (stops.length < 2) return null;
  return (
    <label className="slider">
      <span>{words.slider}</span>
      <input type="range" min={0} max={stops.length - 1} value={stops.indexOf(asOf)} aria-valuetext={format.day(asOf)} onChange={(event) => onGo(stops[Number(event.target.value)] ?? asOf)} />
      <span className="n">{format.day(asOf)}</span>
    </label>
  );
}
