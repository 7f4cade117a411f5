import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { FigurePanel } from '../../kit/figure-panel';
import { useFormat } from '../../kit/format';
import { newId } from '../../api/id';
import { Mark, type Tone } from '../../kit/mark';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/claims.en';
import { zh } from '../../words/claims.zh';
import { useText, useWords } from '../../words/words';
import { EvidenceForm } from './evidence-form';

type Claim = Schemas['ClaimJudged'];
type Found = Schemas['ClaimFound'];

const tones: Record<string, Tone> = { reached: 'good', partly: 'part', not_yet: 'bad', cannot_tell: 'open', met: 'good', unmet: 'bad', unknown: 'open' };

function Verdict({ verdict }: { verdict: string }) {
  const words = useWords(zh, en);
  const known: Record<string, string> = words.verdicts;
  return <Mark tone={tones[verdict] ?? 'plain'}>{known[verdict] ?? words.slogan}</Mark>;
}

/** One claim: the sentence and what it leaves open on the left, what the records say on the right. */
export function ClaimCard({ document, claim, problem }: { document: string; claim: Claim; problem: Schemas['MatterRow'] | undefined }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const kinds: Record<string, string> = words.kinds;
  const source = [claim.source.paper, claim.source.date, claim.source.post || words.postUnknown].join(' · ');
  return (
    <article className="claim" aria-label={text(claim.sentence)}>
      <div className="claim-said">
        <p className="claim-sentence">{text(claim.sentence)}</p>
        <p className="quiet">
          <span className={`kind kind-${claim.kind}`}>{kinds[claim.kind] ?? claim.kind}</span> {words.claimed(format.day(claim.on))}{claim.due !== '' && claim.kind !== 'done' && claim.kind !== 'slogan' && ` · ${words.due(format.day(claim.due))}`}
        </p>
        <p className="quiet">{words.source} {source}</p>
        {(claim.missing ?? []).length > 0 && (
          <>
            <h3>{words.missing}</h3>
            <ul>{(claim.missing ?? []).map((one) => <li key={one.zh}>{text(one)}</li>)}</ul>
          </>
        )}
      </div>
      <div className="claim-found">
        <div className="claim-verdict">
          <strong><Verdict verdict={claim.verdict} /></strong>
          <Raise document={document} claim={claim} problem={problem} />
        </div>
        {(claim.readings ?? []).map((reading, index) => (
          <Reading key={reading.reading} document={document} claim={claim.claim} reading={reading} index={index} alone={(claim.readings ?? []).length === 1} />
        ))}
      </div>
    </article>
  );
}

/** Raising a problem takes one press: title, kind and place come from the claim. One that is open already is shown instead. */
function Raise({ document, claim, problem }: { document: string; claim: Claim; problem: Schemas['MatterRow'] | undefined }) {
  const words = useWords(zh, en);
  const may = useMay();
  const client = useQueryClient();
  const { asOf } = useMoment();
  const raise = useMutation({
    mutationFn: () =>
      take(api.POST('/api/problems/{id}', { params: { path: { id: newId() }, header: { 'If-None-Match': '*' } }, body: { entry: newId(), act: 'found', on: asOf, due: '', subject: `claim:${document}/${claim.claim}` } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['problems'] }),
  });
  if (problem) return <Link to={`/problems/${problem.id}` as '/'}>{words.openProblem}</Link>;
  if (claim.verdict === 'reached' || claim.verdict === '' || !may('write_matters')) return null;
  return (
    <span className="no-print">
      {raise.isError && <ProblemMessage error={raise.error} />}
      {raise.isSuccess ? <Link to={`/problems/${raise.data.id}` as '/'}>{words.raised}</Link> : <Button size="small" loading={raise.isPending} onClick={() => raise.mutate()}>{words.raise}</Button>}
    </span>
  );
}

function Reading({ document, claim, reading, index, alone }: { document: string; claim: string; reading: Schemas['ClaimRead']; index: number; alone: boolean }) {
  const words = useWords(zh, en);
  const text = useText();
  return (
    <section className="reading" aria-label={text(reading.definition)}>
      <p>
        <strong>{words.reading(alone ? '' : (words.ordinals[index] ?? ''))}</strong>{!alone && index === 0 && <span className="quiet"> · {words.firstReading}</span>} {text(reading.definition)}
        {!alone && <> <Verdict verdict={reading.verdict} /></>}
      </p>
      <table className="table reading-table">
        <thead><tr><th scope="col">{words.tested}</th><th scope="col" className="n">{words.computed}</th><th scope="col">{words.evidenceOn}</th><th scope="col">{words.result}</th></tr></thead>
        <tbody>{(reading.evidence ?? []).map((found) => <Evidence key={found.test} document={document} claim={claim} found={found} />)}</tbody>
      </table>
    </section>
  );
}

function Evidence({ document, claim, found }: { document: string; claim: string; found: Found }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const may = useMay();
  const [open, setOpen] = useState<'proof' | 'evidence' | null>(null);
  const results: Record<string, string> = words.results;
  const places = found.places ?? [];
  const value = `${format.number(found.value, found.decimals)} ${text(found.unit)}`;
  return (
    <tr>
      <td>{text(found.says)}<br /><span className="quiet">{text(found.why)}</span>{found.basis !== undefined && <><br /><span className="quiet">{words.basis(found.basis)}</span></>}</td>
      <td className="n nowrap">
        {found.value !== null && found.figure !== undefined
          ? <button type="button" className="figure-number" aria-label={`${words.openProof(text(found.says))} ${value}`} onClick={() => setOpen('proof')}>{format.number(found.value, found.decimals)}</button>
          : found.value !== null && format.number(found.value, found.decimals)}
        {found.value !== null && <span className="quiet"> {text(found.unit)}</span>}
        {found.wants !== undefined && may('check_claims') && <Button size="small" className="no-print" aria-label={`${words.addEvidence}: ${text(found.says)}`} onClick={() => setOpen('evidence')}>{words.addEvidence}</Button>}
        {open === 'proof' && found.figure !== undefined && <FigurePanel name={found.figure} division={places.join(',')} asOf={found.as_of} row={found.row} onClose={() => setOpen(null)} />}
        {open === 'evidence' && <EvidenceForm document={document} claim={claim} found={found} onClose={() => setOpen(null)} />}
      </td>
      <td className="nowrap">{format.day(found.as_of)}</td>
      <td className="nowrap"><Mark tone={tones[found.result] ?? 'plain'}>{results[found.result] ?? found.result}</Mark></td>
    </tr>
  );
}
