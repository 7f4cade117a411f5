import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take } from '../../api/client';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { isOutcome, OutcomeTag } from '../../kit/outcome';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/why.en';
import { zh } from '../../words/why.zh';
import { useText, useWords } from '../../words/words';
import { Bars } from './bars';
import { useWhyQuestion } from './question';
import { ScoreTable, useScore } from './score-table';
import { Since } from './since';

/** Why a household has its outcome, on one page of paper. */
export function Why() {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const score = useScore();
  const mayTry = useMay()('run_criteria');
  const question = useWhyQuestion();
  const { household, criteria, moves, run } = question;
  const why = useQuery({
    queryKey: ['why', household, run ?? question.body],
    queryFn: () =>
      run === undefined
        ? take(api.POST('/api/what-if/explanations/{household}', { params: { path: { household }, query: { since: true } }, body: question.body }))
        : take(api.GET('/api/runs/{id}/explanations/{household}', { params: { path: { id: run, household }, query: { since: true } } })),
    enabled: run !== undefined || (criteria !== '' && question.asOf !== ''),
  });
  const x = why.data;
  const change = x?.smallest_change; // null where no single answer turns it
  const problem = why.error ?? question.problem;
  const carried = { ...(criteria === '' ? {} : { criteria }), ...(moves === '' ? {} : { moves }) };
  return (
    <Page
      title={x ? words.titleOf(x.number) : words.title}
      about={x && words.about(x.division.name, format.day(x.as_of))}
      rule={x && x.document}
      action={
        <>
          {mayTry && <Link to="/lab" search={carried}>{words.toLab}</Link>}
          <Link to="/register/$household" params={{ household }}>{words.toHousehold}</Link>
          <Link to="/letter/$household" params={{ household }} search={carried}>{words.letter}</Link>
          <Button type="primary" disabled={!x} onClick={() => window.print()}>{words.print}</Button>
        </>
      }
    >
      {problem !== null && <ProblemMessage error={problem} retry={() => void why.refetch()} />}
      {why.isPending && problem === null && <Waiting lines={20} height={640} />}
      {x && (
        <>
          <div className="why-head">
            {isOutcome(x.outcome) && <span>{words.outcome} <OutcomeTag outcome={x.outcome} /></span>}
            {x.max > 0 && <span>{words.score} <strong className="n">{score(x.score?.[0] ?? 0, x.score?.[1] ?? 0)}</strong> <span className="quiet">{words.of(format.number(x.max))}</span></span>}
            <span className="quiet">{text(x.title)} {x.document}{moves !== '' && ` · ${words.supposed}`}{!x.in_force && ` · ${words.notInForce}`}</span>
          </div>
          {(x.indicators ?? []).length > 0 && <ScoreTable explanation={x} />}
          <div className="columns">
            <Bars bars={x.bars ?? []} />
            <section>
              <h2>{words.poor}</h2>
              <p><strong>{words.holds[x.poor.holds as 'yes' | 'no' | 'unknown']}</strong> <code className="formula">{x.poor.expression}</code></p>
              <ul className="plain">
                {[...(x.parameters ?? []), ...(x.derived ?? [])].filter((one) => x.poor.expression.includes(one.name)).map((one) => (
                  <li key={one.name}>{text(one.title) === '' ? one.name : text(one.title)} <strong className="n">{one.hidden === true ? words.hidden : one.known ? format.number(one.value, one.value % 1 === 0 ? 0 : 2) : words.unknown}</strong></li>
                ))}
              </ul>
            </section>
          </div>
          <h2>{words.missing}</h2>
          {(x.missing ?? []).length === 0 ? <p>{words.missingNone}</p> : <p>{words.missingAbout} {(x.missing ?? []).map((one) => text(one.title)).join(' · ')}</p>}
          <h2>{words.change}</h2>
          <p className="why-change">{change ? text(change.text) : words.changeNone}</p>
          <Since explanation={x} />
        </>
      )}
    </Page>
  );
}
