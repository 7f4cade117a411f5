import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { useDivision } from '../../kit/division-picker';
import { Field } from '../../kit/field';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useText, useWords } from '../../words/words';
import { Causes } from './causes';
import { DocumentTable } from './document';
import { useLater, useWhatIf } from './effect';
import { HouseholdsPanel } from './households';
import { LabMap } from './lab-map';
import { read, still, written, type Moves } from './moves';
import { Outcomes } from './outcomes';
import { SaveDraft } from './save-draft';
import { Slopes } from './slopes';
import { StandingsTable } from './standings-table';
import { Strip } from './strip';
import { Versions } from './versions';

/** The level below a division, at which its totals are told. */
const below: Record<string, string> = { city: 'county', county: 'township', township: 'village', village: 'village' };

/** The level of the map, one below that of the table. */
const mapped: Record<string, string> = { city: 'township', county: 'village', township: 'village', village: '' };

/** How long nothing has to move before the sentence is written and the address keeps what was moved. */
const released = 300;

/** The document beside the places: what is moved on the left is seen on the right while it moves. */
export function Lab() {
  const words = useWords(zh, en);
  const text = useText();
  const { division, asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const documents = useQuery({ queryKey: ['criteria'], queryFn: () => take(api.GET('/api/criteria')), staleTime: Infinity });
  const criteria = address.criteria ?? documents.data?.documents?.[0]?.id ?? '';
  const table = useQuery({
    queryKey: ['criteria-table', criteria, asOf],
    queryFn: () => take(api.GET('/api/criteria/{id}/table', { params: { path: { id: criteria }, query: { as_of: asOf } } })),
    enabled: criteria !== '' && asOf !== '',
    staleTime: Infinity,
  });
  const [moves, setMoves] = useState<Moves>(() => read(address.moves));
  const price = Number(address.price ?? '0') || 0;
  const level = useDivision(division, asOf).data?.level ?? '';
  const question = useMemo(() => ({ criteria, asOf, division, by: below[level] ?? '', map: mapped[level] ?? '', price }), [criteria, asOf, division, level, price]);
  const { answer, asking, error, retry } = useWhatIf(question, moves);
  const word = written(moves);
  const kept = useLater(word, released);
  useEffect(() => {
    if (kept === word && (address.moves ?? '') !== kept) setAddress({ moves: kept });
  }, [kept, word, address.moves, setAddress]);
  const [open, setOpen] = useState<string | null>(null);
  const [side, setSide] = useState<'save' | 'versions' | null>(null);
  const client = useQueryClient();
  const run = useMutation({ mutationFn: () => take(api.POST('/api/runs', { body: { criteria, as_of: asOf, division } })), onSuccess: () => client.invalidateQueries({ queryKey: ['runs'] }) });
  const { reset: forget } = run;
  useEffect(() => forget(), [criteria, asOf, division, word, forget]); // what was stored is not what is shown now
  const mayTry = useMay()('run_criteria');
  const choose = (next: string) => { setMoves(still); setAddress({ criteria: next, moves: undefined }); };
  const effect = answer?.totals.effect;
  const settled = effect !== undefined && answer?.moves === word && kept === word;
  return (
    <Page
      title={words.title}
      about={words.about}
      rule={table.data && `${text(table.data.title)} ${table.data.id}`}
      action={
        <>
          <Field label={words.document}>
            <Choice value={criteria} options={(documents.data?.documents ?? []).map((one) => [one.id, `${text(one.title)} ${one.id}`])} onChange={choose} />
          </Field>
          <Button className="lab-reset" disabled={word === ''} onClick={() => setMoves(still)}>{words.reset}</Button>
          <Button className="lab-reset" disabled={criteria === ''} onClick={() => setSide('versions')}>{words.versions}</Button>
          {mayTry && <Button className="lab-reset" disabled={word !== '' || criteria === ''} loading={run.isPending} title={words.runAbout} onClick={() => run.mutate()}>{words.run}</Button>}
          {mayTry && <Button className="lab-reset" type="primary" disabled={word === ''} onClick={() => setSide('save')}>{words.saveTitle}</Button>}
        </>
      }
    >
      {documents.isError && <ProblemMessage error={documents.error} retry={() => void documents.refetch()} />}
      {run.isError && <ProblemMessage error={run.error} />}
      {run.data && <p role="status" className="lab-sentence">{words.ran(`${text(run.data.run.title)} ${run.data.run.criteria}`)}</p>}
      {table.isError && <ProblemMessage error={table.error} retry={() => void table.refetch()} />}
      <div className="lab">
        <section className="lab-rule" aria-label={words.ruleTable}>
          {table.data ? <DocumentTable table={table.data} moves={moves} onMove={setMoves} /> : !table.isError && <Waiting lines={18} height={560} />}
        </section>
        <section className="lab-places" aria-label={words.effect} aria-busy={asking}>
          {error !== null && <ProblemMessage error={error} retry={retry} />}
          <p className="lab-sentence" role="status">{settled ? text(effect.sentence) : words.moving}</p>
          {answer && effect ? (
            <div data-drawn={answer.moves}>
              <Outcomes before={effect.before} after={answer.totals.whole} onOpen={setOpen} />
              {question.map !== '' && <LabMap division={division} asOf={asOf} level={question.map} areas={effect.areas ?? []} />}
              <Slopes totals={answer.totals} />
              <Causes causes={effect.causes ?? []} />
              <StandingsTable standings={effect.standings ?? []} />
            </div>
          ) : (
            error === null && <Waiting lines={14} height={480} />
          )}
        </section>
      </div>
      <Strip totals={answer?.totals} price={price} onPrice={(next) => setAddress({ price: next > 0 ? String(next) : undefined })} onOpen={setOpen} />
      {open !== null && <HouseholdsPanel which={open} question={question} moves={moves} onClose={() => setOpen(null)} />}
      {side === 'save' && <SaveDraft criteria={criteria} asOf={asOf} moves={moves} onSaved={(id) => { choose(id); setSide('versions'); }} onClose={() => setSide(null)} />}
      {side === 'versions' && <Versions key={criteria} documents={documents.data?.documents ?? []} criteria={criteria} onOpen={(id) => { choose(id); setSide(null); }} onClose={() => setSide(null)} />}
    </Page>
  );
}
