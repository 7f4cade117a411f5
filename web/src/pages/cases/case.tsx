import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { isSet } from '../../kit/id';
import { Mark } from '../../kit/mark';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { Due } from '../problems/due';
import { CaseActs } from './case-acts';
import { useCatalogue } from './case-data';
import './cases.css';
import { Steps } from './steps';

type Case = Schemas['CaseworkCase'];

/** A case: which department holds it, what is missing, by when. */
export function CasePage() {
  const words = useWords(zh, en);
  const text = useText();
  const { case: id } = useParams({ from: '/cases/$case' });
  const { asOf } = useMoment();
  const found = useQuery({ queryKey: ['cases', 'one', id, asOf], queryFn: () => take(api.GET('/api/cases/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const one = found.data?.case;
  return (
    <Page title={one?.title ?? words.caseWord} about={<>{one && <span>{text(one.matter_name)} · </span>}<Link to="/cases">{words.back}</Link></>}>
      {found.isPending && <Waiting lines={12} height={600} />}
      {found.isError && <ProblemMessage error={found.error} retry={() => void found.refetch()} />}
      {found.data && one && (
        <>
          <Headline one={one} />
          <Progress one={one} />
          <div className="matter">
            <div className="stack">
              <Facts one={one} place={found.data.division.name} />
              <Documents one={one} />
              <Stops one={one} />
              <Timeline entries={found.data.entries ?? []} />
            </div>
            <CaseActs one={one} />
          </div>
        </>
      )}
    </Page>
  );
}

/** The answer to the one question everybody has: where is it now, and by when is it done. */
function Headline({ one }: { one: Case }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const states: Record<string, string> = words.states;
  const open = one.state !== 'finished' && one.state !== 'withdrawn';
  return (
    <p className="case-head">
      <strong>{states[one.state] ?? one.state}</strong>
      {open && (one.holders ?? []).length > 0 && <span>{words.holder} <strong data-of-the-city>{format.list(one.holders)}</strong></span>}
      {one.due !== '' && <span>{words.due} <Due due={one.due} open={open && one.state !== 'stopped'} /></span>}
      {one.state === 'stopped' && <Mark tone="part">{words.clockRunning}</Mark>}
    </p>
  );
}

function Progress({ one }: { one: Case }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const catalogue = useCatalogue();
  const parts = one.parts ?? [];
  const states: Record<string, string> = words.partStates;
  const planned = catalogue.data?.matters?.find((matter) => matter.code === one.matter)?.steps ?? [];
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">{words.progress}</h2>
      {parts.length === 0 ? <><p className="quiet">{words.notAccepted}</p><Steps steps={planned} /></> : (
        <Steps
          steps={parts}
          state={(part) => part.state}
          foot={(part) => (
            <span>
              <Mark tone={part.state === 'done' ? 'good' : part.state === 'open' ? 'part' : 'open'}>{states[part.state] ?? part.state}</Mark>{' '}
              {part.state === 'done' && words.doneOn(format.day(part.done_on))}
              {part.state === 'open' && words.by(format.day(part.due))}
            </span>
          )}
        />
      )}
    </section>
  );
}

function Facts({ one, place }: { one: Case; place: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const facts: [string, ReactNode][] = [
    [words.place, place], [words.appliedOn, format.day(one.applied_on)], [words.acceptedOn, format.day(one.accepted_on)], [words.finishedOn, format.day(one.finished_on)],
    [words.sentBack, one.sent_back > 0 ? words.sentBackOnce : ''], [words.rating, one.rating !== undefined ? `${words.stars(format.number(one.rating))} ${one.remark ?? ''}` : ''],
  ];
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{words.facts}</h2>
      <dl className="pairs">{facts.filter(([, value]) => value !== '').map(([name, value]) => <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>)}</dl>
    </section>
  );
}

function Documents({ one }: { one: Case }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const catalogue = useCatalogue();
  const title = (code: string) => {
    const known = catalogue.data?.documents?.find((paper) => paper.code === code);
    return known ? text(known.title) : code;
  };
  const papers = one.documents ?? [];
  const missing = one.missing ?? [];
  return (
    <section aria-labelledby="documents">
      <h2 id="documents">{words.documents}</h2>
      {missing.length > 0 ? <p><Mark tone="bad">{words.missing}</Mark> {format.list(missing.map(title))}</p> : <p className="quiet">{words.missingNone}</p>}
      {papers.length === 0 ? <p className="quiet">{words.documentsNone}</p> : (
        <table className="table">
          <thead><tr><th scope="col">{words.paper}</th><th scope="col">{words.paperName}</th><th scope="col">{words.paperDay}</th><th scope="col">{words.origin}</th></tr></thead>
          <tbody>
            {papers.map((paper, index) => (
              <tr key={index}>
                <td>{title(paper.code)}</td><td>{paper.name}</td><td className="nowrap">{format.day(paper.on)}</td>
                <td>{isSet(paper.from) ? <Link to={`/cases/${paper.from}` as '/'}>{words.reused}</Link> : words.handedHere}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Stops({ one }: { one: Case }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const catalogue = useCatalogue();
  const stops = one.stops ?? [];
  const reason = (code: string) => {
    const known = catalogue.data?.stop_reasons?.find((one) => one.code === code);
    return known ? text(known.title) : code;
  };
  return (
    <section aria-labelledby="clock">
      <h2 id="clock">{words.clock}</h2>
      {stops.length === 0 ? <p className="quiet">{words.clockNone}</p> : (
        <table className="table">
          <thead><tr><th scope="col">{words.from}</th><th scope="col">{words.untilDay}</th><th scope="col">{words.reason}</th></tr></thead>
          <tbody>{stops.map((stop, index) => <tr key={index}><td className="nowrap">{format.day(stop.from)}</td><td className="nowrap">{stop.until === '' ? words.clockRunning : format.day(stop.until)}</td><td>{reason(stop.reason)}{stop.words !== '' && ` · ${stop.words}`}</td></tr>)}</tbody>
        </table>
      )}
    </section>
  );
}

function Timeline({ entries }: { entries: Schemas['EntryView'][] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const acts: Record<string, string> = words.acts;
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{words.timeline}</h2>
      <ol className="matter-timeline">{[...entries].reverse().map((entry) => <li key={entry.id}><strong>{acts[entry.act] ?? entry.act}</strong> {format.day(entry.on)} <span className="quiet">{words.recorded(format.moment(entry.recorded_at))}</span></li>)}</ol>
    </section>
  );
}
