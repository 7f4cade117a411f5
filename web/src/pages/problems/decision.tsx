import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { StepLine } from '../../kit/step-line';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useWords } from '../../words/words';
import { ActForm } from './act-form';
import { Due } from './due';
import { Evidence, Timeline } from './papers';
import './problems.css';

/** A supervised decision, from its filing to its closing. */
export function DecisionPage() {
  const words = useWords(zh, en);
  const { decision: id } = useParams({ from: '/decisions/$decision' });
  const { asOf } = useMoment();
  const found = useQuery({ queryKey: ['decisions', 'one', id, asOf], queryFn: () => take(api.GET('/api/decisions/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const decision = found.data?.decision;
  return (
    <Page title={decision?.title ?? words.decision} about={<Link to="/problems" search={(before) => ({ ...before, board: 'decisions' })}>{words.back}</Link>}>
      {found.isPending && <Waiting lines={12} height={600} />}
      {found.isError && <ProblemMessage error={found.error} retry={() => void found.refetch()} />}
      {found.data && decision && (
        <>
          <StepLine label={words.progressOf} at={decision.stage} steps={Object.entries(words.stages)} />
          <div className="matter">
            <div className="stack">
              <Facts found={found.data} />
              <Evidence evidence={decision.evidence ?? []} />
              <Timeline entries={found.data.entries ?? []} steps={decision.progress ?? []} first={decision.words} />
            </div>
            <ActForm board="decisions" id={id} version={decision.version} state={decision.stage} />
          </div>
        </>
      )}
    </Page>
  );
}

function Facts({ found }: { found: Schemas['DecisionOutputBody'] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { decision } = found;
  const facts: [string, ReactNode][] = [
    [words.place, found.division.name], [words.source, decision.source], [words.number, decision.number], [words.words, decision.words], [words.filedOn, format.day(decision.filed_on)],
    [words.lead, decision.office === '' ? <span className="quiet">{words.noHolder}</span> : decision.office], [words.supporting, format.list(decision.supporting)],
    [words.due, <Due key="due" due={decision.due} open={decision.stage !== 'closed' && decision.stage !== 'verified'} />],
    [words.refusedTimes, decision.refused > 0 ? words.times(format.number(decision.refused)) : ''], [words.closedOn, format.day(decision.closed_on)],
  ];
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{words.about1}</h2>
      <dl className="pairs">{facts.filter(([, value]) => value !== '').map(([name, value]) => <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>)}</dl>
    </section>
  );
}
