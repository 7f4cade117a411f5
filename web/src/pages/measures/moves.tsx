import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { api, take, type Schemas } from '../../api/client';
import type { Chart } from '../../kit/chart';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/measures.en';
import { zh } from '../../words/measures.zh';
import { useText, useWords } from '../../words/words';
import { ChartBlock, type Cells } from './chart-block';
import { breakdowns, useQuestion, type Profile } from './question';

type Moves = Schemas['TransitionOutputBody'];
type Row = Schemas['TransitionGroup'];
type Count = Schemas['TransitionCount'];

const flows = ['poor_before', 'left', 'stayed', 'gone', 'fell_back', 'entered', 'poor_after'] as const;

/** Who left poverty and who fell back between both days: the matrix of the place, and the moves by group. */
export function MovesSection({ profiles, deeper }: { profiles: (Profile | undefined)[]; deeper: boolean }) {
  const words = useWords(zh, en);
  const text = useText();
  const { division, asOf, against, inOrder, basis, movesBy, ask } = useQuestion();
  const by = movesBy === 'division' && !deeper ? '' : movesBy;
  const moves = useQuery({
    queryKey: ['moves', division, against, asOf, basis, by],
    queryFn: () => take(api.GET('/api/measure/transition', { params: { query: { division, against, as_of: asOf, basis, ...(by === '' ? {} : { by }) } } })),
    enabled: inOrder && division !== '',
    staleTime: 300_000,
  });
  const chart = useRates(moves.data);
  const groups: [string, string][] = [['', words.noBreakdown], ...(deeper ? [['division', words.divisionBreakdown] as [string, string]] : []), ...breakdowns.map((name): [string, string] => [name, words.breakdowns[name]])];
  return (
    <section aria-labelledby="moves" className="after">
      <h2 id="moves">{words.moves}</h2>
      <div className="filters">
        <Field label={words.basis}><Choice value={basis} options={[['income', words.bases.income], ['status', words.bases.status]]} onChange={(value) => ask({ basis: value === 'income' ? undefined : value })} /></Field>
        <Field label={words.movesBy}><Choice value={by} options={groups} onChange={(value) => ask({ moves: value })} /></Field>
      </div>
      {moves.isError && <ProblemMessage error={moves.error} retry={() => void moves.refetch()} />}
      {moves.isPending && inOrder && <Waiting lines={8} height={300} />}
      {moves.data && (
        <>
          <p className="measure-sentence" role="status">{text(moves.data.sentence)}</p>
          <ChartBlock title={words.moves} name="moves" chart={chart} rows={() => cells(words, text, moves.data)} profiles={profiles}>
            <Matrix moves={moves.data} />
            <ByGroup moves={moves.data} />
            <Definitions moves={moves.data} />
          </ChartBlock>
        </>
      )}
    </section>
  );
}

/** The shares that left and fell back, by group; none for the place alone, where two numbers stand in the table. */
function useRates(moves: Moves | undefined): Chart | null {
  const words = useWords(zh, en);
  const text = useText();
  return useMemo(() => {
    const shown = (moves?.groups ?? []).filter((group) => group.left_rate !== null || group.fell_back_rate !== null);
    if (shown.length === 0) return null;
    return {
      kind: 'bars', value: { title: '', percent: true, decimals: 1 }, categories: shown.map((group) => text(group.title)),
      bars: [{ name: words.leftRate, values: shown.map((group) => group.left_rate), tone: 'now' }, { name: words.fellBackRate, values: shown.map((group) => group.fell_back_rate), tone: 'before' }],
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- text is new with every drawing and follows the language, as words do
  }, [moves, words]);
}

function Matrix({ moves }: { moves: Moves }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const states = [...(moves.states ?? []).map((state) => text(state.title)), words.total];
  return (
    <div className="scroll" role="region" aria-label={words.movesTable(format.day(moves.before.day), format.day(moves.after.day))} tabIndex={0}>
      <table className="table measure-matrix">
        <caption>{words.movesTable(format.day(moves.before.day), format.day(moves.after.day))}</caption>
        <thead><tr><td />{states.map((state) => <th key={state} scope="col" className="n">{state}</th>)}</tr></thead>
        <tbody>
          {(moves.whole.matrix ?? []).map((row, from) => (
            <tr key={states[from]} className={from === states.length - 1 ? 'measure-total' : undefined}>
              <th scope="row">{states[from]}</th>
              {(row ?? []).map((count, to) => <td key={states[to]} className={from === to && from < states.length - 1 ? 'n measure-stayed' : 'n'}><Persons count={count} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ByGroup({ moves }: { moves: Moves }) {
  const words = useWords(zh, en);
  const text = useText();
  const heads: Record<(typeof flows)[number], string> = { poor_before: words.poorBefore, left: words.left, stayed: words.stayed, gone: words.gone, fell_back: words.fellBack, entered: words.entered, poor_after: words.poorAfter };
  const row = (group: Row, title: string, place: boolean) => (
    <tr key={group.group}>
      <th scope="row" data-of-the-city={place ? '' : undefined}>{title}</th>
      {flows.map((flow) => <td key={flow} className="n"><Persons count={group[flow]} /></td>)}
      <td className="n"><Rate value={group.left_rate} why={group.no_left_rate} /></td>
      <td className="n"><Rate value={group.fell_back_rate} why={group.no_fell_back_rate} /></td>
    </tr>
  );
  return (
    <div className="scroll" role="region" aria-label={words.moves} tabIndex={0}>
      <table className="table measure-table">
        <caption className="unseen">{words.moves}</caption>
        <thead>
          <tr><th scope="col">{words.group}</th>{flows.map((flow) => <th key={flow} scope="col" className="n">{heads[flow]}</th>)}<th scope="col" className="n">{words.leftRate}</th><th scope="col" className="n">{words.fellBackRate}</th></tr>
        </thead>
        <tbody>{(moves.groups ?? []).map((group) => row(group, text(group.title), group.division !== undefined))}</tbody>
        <tfoot>{row(moves.whole, words.whole, false)}</tfoot>
      </table>
    </div>
  );
}

function Persons({ count }: { count: Count }) {
  const words = useWords(zh, en);
  const format = useFormat();
  return count.persons === null ? <span className="quiet">{words.held}</span> : <>{format.number(count.persons)}</>;
}

function Rate({ value, why }: { value: number | null; why?: Schemas['ErrsText'] | undefined }) {
  const text = useText();
  const format = useFormat();
  if (value !== null) return <>{format.number(value * 100, 1)}</>;
  return <span className="quiet" title={why === undefined ? undefined : text(why)}>—<span className="unseen"> {why === undefined ? '' : text(why)}</span></span>;
}

function Definitions({ moves }: { moves: Moves }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const meant: [string, string][] = [[words.left, words.leftMeans], [words.stayed, words.stayedMeans], [words.gone, words.goneMeans], [words.fellBack, words.fellBackMeans], [words.entered, words.enteredMeans]];
  const rule = words.suppression(format.number(moves.suppression.households), format.number(moves.suppression.persons), text(moves.suppression.basis));
  return (
    <details>
      <summary>{words.definitions}</summary>
      <dl className="pairs">{meant.map(([word, means]) => [<dt key={word}>{word}</dt>, <dd key={`${word}=`}>{means}</dd>])}</dl>
      <p>{words.personsMeans}</p>
      <p>{words.heldWhy(rule)}</p>
    </details>
  );
}

/** The table for a sheet: one line a cell of every matrix. */
function cells(words: ReturnType<typeof useWords<typeof zh>>, text: ReturnType<typeof useText>, moves: Moves): Cells {
  const heads = words.csvHeads;
  const states = [...(moves.states ?? []).map((state) => text(state.title)), words.total];
  const rows: Cells = [[heads.group, `${heads.from} ${moves.before.day}`, `${heads.to} ${moves.after.day}`, heads.households, heads.persons, heads.note]];
  for (const group of [moves.whole, ...(moves.groups ?? [])]) {
    (group.matrix ?? []).forEach((row, from) => (row ?? []).forEach((count, to) => rows.push([group.group === '' ? words.whole : text(group.title), states[from], states[to], count.households, count.persons, count.persons === null ? words.held : ''])));
  }
  return rows;
}
