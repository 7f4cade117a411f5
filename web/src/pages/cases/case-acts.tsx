import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { useCatalogue, useWriteCase } from './case-data';
import { handed, PaperFields, type Papers } from './paper-fields';

type Case = Schemas['CaseworkCase'];
type ActName = 'accepted' | 'returned' | 'done' | 'stopped' | 'resumed' | 'supplied' | 'withdrawn' | 'rated';

/** What may follow, for the investor and for the departments; the server has the last word. */
function actsFor(one: Case, own: boolean, handles: boolean): ActName[] {
  const waiting = one.state === 'applied' || one.state === 'returned';
  const missing = (one.missing ?? []).length > 0;
  const service: ActName[] =
    one.state === 'applied' ? [...(missing ? [] : (['accepted'] as const)), ...(missing && one.sent_back === 0 ? (['returned'] as const) : [])]
    : one.state === 'running' ? ['done', 'stopped']
    : one.state === 'stopped' ? ['resumed'] : [];
  const investor: ActName[] = [
    ...(waiting && missing ? (['supplied'] as const) : []),
    ...(one.state === 'finished' && one.rating === undefined ? (['rated'] as const) : []),
    ...(one.state !== 'finished' && one.state !== 'withdrawn' ? (['withdrawn'] as const) : []),
  ];
  return [...(handles ? service : []), ...(own ? investor : [])];
}

export function CaseActs({ one }: { one: Case }) {
  const words = useWords(zh, en);
  const may = useMay();
  const [chosen, choose] = useState<ActName | null>(null);
  const handles = may('handle_cases');
  const acts = actsFor(one, may('own_cases'), handles);
  const act = acts.find((name) => name === chosen) ?? acts[0];
  const ended = (one.state === 'finished' && (one.rating !== undefined || handles)) || one.state === 'withdrawn';
  return (
    <section aria-labelledby="next" className="act no-print">
      <h2 id="next">{words.next}</h2>
      {act === undefined && <p className="quiet">{ended ? words.closed : words.nothing}</p>}
      {handles && one.state === 'applied' && (one.missing ?? []).length > 0 && <p>{words.acceptMissing}</p>}
      {acts.length > 1 && <Segmented<ActName> aria-label={words.next} value={act ?? 'done'} options={acts.map((name) => ({ value: name, label: words.acts[name] }))} onChange={choose} />}
      {act && <Fields key={`${act} ${one.version}`} one={one} act={act} />}
    </section>
  );
}

function Fields({ one, act }: { one: Case; act: ActName }) {
  const words = useWords(zh, en);
  const text = useText();
  const { asOf } = useMoment();
  const catalogue = useCatalogue();
  const open = (one.parts ?? []).filter((part) => part.state === 'open');
  const reasons = catalogue.data?.stop_reasons ?? [];
  const missing = one.missing ?? [];
  const [on, setOn] = useState(asOf);
  const [said, setSaid] = useState('');
  const [step, setStep] = useState(open[0]?.code ?? '');
  const [reason, setReason] = useState('');
  const [rating, setRating] = useState('5');
  const [papers, setPapers] = useState<Papers>({});
  const [named, setNamed] = useState<string[]>(missing);
  const write = useWriteCase(one.id, one.version, () => undefined);
  const paper = (code: string) => {
    const known = catalogue.data?.documents?.find((each) => each.code === code);
    return known ? text(known.title) : code;
  };
  const body: Partial<Schemas['WriteCaseInputBody']> = {
    ...(act === 'done' ? { step } : {}), ...(act === 'stopped' ? { reason: reason || (reasons[0]?.code ?? '') } : {}), ...(act === 'rated' ? { rating: Number(rating) } : {}),
    ...(act === 'supplied' ? { documents: handed(missing, papers) } : {}), ...(act === 'returned' ? { missing: named } : {}),
  };
  return (
    <form className="act-fields" onSubmit={(event) => { event.preventDefault(); write.mutate({ act, on, words: said, ...body }); }}>
      {act === 'done' && <Field label={words.whichStep}><Choice value={step} options={open.map((part): [string, string] => [part.code, `${text(part.title)} · ${part.department}`])} onChange={setStep} /></Field>}
      {act === 'stopped' && <Field label={words.reason}><Choice value={reason || (reasons[0]?.code ?? '')} options={reasons.map((each): [string, string] => [each.code, text(each.title)])} onChange={setReason} /></Field>}
      {act === 'returned' && (
        <fieldset className="paper-fields">
          <legend>{words.whichMissing}</legend>
          {missing.map((code) => <label key={code}><input type="checkbox" checked={named.includes(code)} onChange={(event) => setNamed(event.target.checked ? [...named, code] : named.filter((each) => each !== code))} /> {paper(code)}</label>)}
        </fieldset>
      )}
      {act === 'supplied' && <PaperFields codes={missing} papers={papers} asOf={asOf} onChange={setPapers} />}
      {act === 'rated' && <Field label={words.ratingField}><Choice value={rating} options={words.ratings.map((word, index): [string, string] => [String(index + 1), word]).reverse()} onChange={setRating} /></Field>}
      <Field label={act === 'rated' ? words.remark : act === 'withdrawn' ? words.withdrawWords : words.words}><Input.TextArea rows={2} value={said} onChange={(event) => setSaid(event.target.value)} /></Field>
      <Field label={words.on}><Input type="date" value={on} onChange={(event) => setOn(event.target.value)} /></Field>
      {write.isError && <ProblemMessage error={write.error} />}
      <Button type={act === 'withdrawn' ? 'default' : 'primary'} htmlType="submit" loading={write.isPending}>{words.acts[act]}</Button>
    </form>
  );
}
