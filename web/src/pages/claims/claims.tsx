import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay, useSession } from '../../app/session';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/claims.en';
import { zh } from '../../words/claims.zh';
import { useText, useWords } from '../../words/words';
import { Checks, KeepCheck } from './checks';
import { ClaimCard } from './claim-card';
import './claims.css';

/** Every public claim of an occasion with its verdict, beside what the records say. */
export function Claims() {
  const words = useWords(zh, en);
  const text = useText();
  const may = useMay();
  const session = useSession();
  const { asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const documents = useQuery({ queryKey: ['claims'], queryFn: () => take(api.GET('/api/claims')) });
  const document = address.document ?? documents.data?.documents?.[0]?.id ?? '';
  const judged = useQuery({
    queryKey: ['claims', document, asOf],
    queryFn: () => take(api.GET('/api/claims/{document}', { params: { path: { document }, query: { as_of: asOf } } })),
    enabled: document !== '',
  });
  const open = useOpenProblems(asOf, may('read_matters'));
  const shown = (judged.data?.claims ?? []).filter((claim) => (address.kind === undefined || claim.kind === address.kind) && (address.verdict === undefined || claim.verdict === address.verdict));
  return (
    <Page
      title={words.title}
      about={words.about}
      rule={judged.data?.document}
      action={
        <>
          {may('check_claims') && judged.data && <KeepCheck document={document} asOf={asOf} />}
          <Button type="primary" disabled={!judged.data} onClick={() => window.print()}>{words.print}</Button>
        </>
      }
    >
      {session?.demo === true && <p className="demo-paper">{words.demo}</p>}
      <Filters documents={documents.data?.documents ?? []} document={document} address={address} setAddress={setAddress} />
      {(documents.isError || judged.isError) && <ProblemMessage error={documents.error ?? judged.error} retry={() => void (documents.isError ? documents.refetch() : judged.refetch())} />}
      {(documents.isPending || judged.isPending) && !documents.isError && !judged.isError && <Waiting lines={18} height={900} />}
      {judged.data && (
        <>
          <h2 className="claims-title" data-of-the-city>{text(judged.data.title)}</h2>
          <p className="quiet claims-note">{text(judged.data.note)}</p>
          {shown.length === 0 && <Empty action={<Button onClick={() => setAddress({ kind: '', verdict: '' })}>{words.clear}</Button>}>{words.none}</Empty>}
          {shown.map((claim) => <ClaimCard key={claim.claim} document={document} claim={claim} problem={open.get(`claim:${document}/${claim.claim}`)} />)}
          <Checks document={document} />
        </>
      )}
    </Page>
  );
}

/** The open problems that were raised about claims, by the claim. */
function useOpenProblems(asOf: string, allowed: boolean): Map<string, Schemas['MatterRow']> {
  const problems = useQuery({
    queryKey: ['problems', 'of-claims', asOf],
    queryFn: () => take(api.GET('/api/problems', { params: { query: { kind: 'claim', open: true, as_of: asOf, limit: 200 } } })),
    enabled: allowed,
  });
  return new Map((problems.data?.rows ?? []).map((row) => [row.subject ?? '', row]));
}

function Filters({ documents, document, address, setAddress }: { documents: Schemas['ClaimDocument'][]; document: string; address: Record<string, string | undefined>; setAddress: (change: Record<string, string | undefined>) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  return (
    <div className="filters no-print">
      {documents.length > 1 && <Field label={words.occasion}><Choice value={document} options={documents.map((one) => [one.id, text(one.title)])} onChange={(next) => setAddress({ document: next })} /></Field>}
      <Field label={words.onlyKind}><Choice value={address.kind ?? ''} options={[['', words.all], ...Object.entries(words.kinds)]} onChange={(kind) => setAddress({ kind })} /></Field>
      <Field label={words.onlyVerdict}><Choice value={address.verdict ?? ''} options={[['', words.all], ...Object.entries(words.verdicts)]} onChange={(verdict) => setAddress({ verdict })} /></Field>
    </div>
  );
}
