import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { StepLine } from '../../kit/step-line';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useText, useWords } from '../../words/words';
import { ActForm } from './act-form';
import { Due } from './due';
import { useRules } from './matter';
import { Evidence, Subject, Timeline } from './papers';
import './problems.css';

/** A problem: how far it is, what is known, what was done, and what comes next. */
export function ProblemPage() {
  const words = useWords(zh, en);
  const { problem: id } = useParams({ from: '/problems/$problem' });
  const { asOf } = useMoment();
  const found = useQuery({ queryKey: ['problems', 'one', id, asOf], queryFn: () => take(api.GET('/api/problems/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const problem = found.data?.problem;
  return (
    <Page title={problem?.title ?? words.problem} about={<Link to="/problems">{words.back}</Link>}>
      {found.isPending && <Waiting lines={12} height={600} />}
      {found.isError && <ProblemMessage error={found.error} retry={() => void found.refetch()} />}
      {found.data && problem && (
        <>
          <StepLine label={words.progressOf} at={problem.state} steps={Object.entries(words.states)} />
          <div className="matter">
            <div className="stack">
              <Facts found={found.data} />
              <Evidence evidence={problem.evidence ?? []} />
              <Recurrence found={found.data} />
              <Timeline entries={found.data.entries ?? []} steps={problem.progress ?? []} first={problem.words} />
            </div>
            <ActForm board="problems" id={id} version={problem.version} state={problem.state} />
          </div>
        </>
      )}
    </Page>
  );
}

function Facts({ found }: { found: Schemas['ProblemOutputBody'] }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const rules = useRules();
  const { problem } = found;
  const kind = rules.data?.kinds?.find((one) => one.code === problem.kind);
  const facts: [string, React.ReactNode][] = [
    [words.place, found.division.name], [words.kind, kind ? text(kind.title) : problem.kind], [words.foundOn, format.day(problem.found_on)],
    [words.from, problem.subject === '' ? '' : <Subject key="subject" subject={problem.subject} />], [words.seen, problem.words], [words.cause, problem.cause],
    [words.lead, problem.office === '' ? <span key="lead" className="quiet">{words.noHolder}</span> : problem.office], [words.supporting, format.list(problem.supporting)],
    [words.due, <Due key="due" due={problem.due} open={problem.state !== 'closed'} />], [words.refusedTimes, problem.refused > 0 ? words.times(format.number(problem.refused)) : ''],
    [words.prevention, problem.prevention], [words.closedOn, format.day(problem.closed_on)],
  ];
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{words.about1}</h2>
      <dl className="pairs">{facts.filter(([, value]) => value !== '').map(([name, value]) => <Pair key={name} name={name} value={value} />)}</dl>
    </section>
  );
}

function Pair({ name, value }: { name: string; value: React.ReactNode }) {
  return <><dt>{name}</dt><dd>{value}</dd></>;
}

/** Whether the same kind was closed at the same place before: then closing it was not the end. */
function Recurrence({ found }: { found: Schemas['ProblemOutputBody'] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const rules = useRules();
  const months = format.number(rules.data?.recurrence_months);
  const before = found.recurs ?? [];
  return (
    <section aria-labelledby="recurs">
      <h2 id="recurs">{words.recurs}</h2>
      <p className={before.length === 0 ? 'quiet' : undefined}>{before.length === 0 ? words.recursNone(months) : words.recursSome(months)}</p>
      {before.length > 0 && <ul>{before.map((row) => <li key={row.id}><Link to={`/problems/${row.id}` as '/'}>{row.title}</Link> <span className="quiet">{format.day(row.last)}</span></li>)}</ul>}
    </section>
  );
}
