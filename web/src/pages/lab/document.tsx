import { useId } from 'react';

import type { Schemas } from '../../api/client';
import { Choice } from '../../kit/choice';
import { useFormat } from '../../kit/format';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useText, useWords } from '../../words/words';
import { moved, type Moves } from './moves';

type Table = Schemas['TableOutputBody'];

interface Props {
  table: Table;
  moves: Moves;
  onMove: (moves: Moves) => void;
}

/** A criteria document as people read it, with a slider only where something may move. */
export function DocumentTable({ table, moves, onMove }: Props) {
  const words = useWords(zh, en);
  const format = useFormat();
  const indicators = table.indicators ?? [];
  const bars = table.bars ?? [];
  const most = indicators.reduce((sum, one) => sum + (one.parts ?? []).reduce((all, part) => all + part.max * factorOf(moves, one.id, part.id), 0), 0);
  return (
    <>
      <p className="quiet">
        {table.in_force ? words.inForce : words.notInForce} · {words.basis[table.basis.status === 'official' ? 'official' : 'local']}{table.basis.text !== '' && ` ${table.basis.text}`}
      </p>
      {(table.parameters ?? []).length > 0 && (
        <>
          <h2>{words.parameters}</h2>
          {(table.parameters ?? []).map((one) => <ParameterRow key={one.name} parameter={one} moves={moves} onMove={onMove} />)}
        </>
      )}
      {indicators.length > 0 && (
        <>
          <h2>{words.blocks} <small className="quiet">{words.fullScore(format.number(most, most % 1 === 0 ? 0 : 1))}{table.higher_means === 'better_off' ? words.betterOff : words.poorer}</small></h2>
          {indicators.map((one) => <Block key={one.id} indicator={one} moves={moves} onMove={onMove} />)}
        </>
      )}
      {bars.length > 0 && (
        <>
          <h2>{words.bars}</h2>
          <table className="table lab-bars">
            <thead className="unseen"><tr><th scope="col">{words.bar}</th><th scope="col">{words.barDoes}</th></tr></thead>
            <tbody>{bars.map((bar) => <BarRow key={bar.id} bar={bar} moves={moves} onMove={onMove} />)}</tbody>
          </table>
        </>
      )}
      <h2>{words.poor}</h2>
      <p><code className="formula">{table.poor}</code></p>
      <p className="quiet">{words.proposes}</p>
    </>
  );
}

const factorOf = (moves: Moves, block: string, part: string) => (moves.weights[block] ?? 1) * (moves.weights[part] ?? 1);

function ParameterRow({ parameter, moves, onMove }: { parameter: NonNullable<Table['parameters']>[number] } & Omit<Props, 'table'>) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const own = parameter.value;
  const units: Record<string, string> = words.units;
  const unit = units[parameter.unit] ?? parameter.unit;
  if (own === null) return <p>{text(parameter.title)} <span className="quiet">{words.noValue}</span></p>;
  const now = moves.parameters[parameter.name] ?? own;
  if (parameter.low === undefined || parameter.high === undefined) return <p>{text(parameter.title)} <strong className="n">{format.number(now)}</strong> {unit}</p>;
  return (
    <Mover
      title={text(parameter.title)} unit={unit} own={own} now={now} low={parameter.low} high={parameter.high} step={parameter.high - parameter.low > 500 ? 10 : 1}
      note={parameter.source} onMove={(value) => onMove(moved(moves, 'parameters', parameter.name, value, own))}
    />
  );
}

/** A slider with a field for exact numbers; what the document says stands beside it. */
function Mover({ title, unit, own, now, low, high, step, note, onMove, strong = true }: { title: string; unit: string; own: number; now: number; low: number; high: number; step: number; note?: string | undefined; onMove: (value: number) => void; strong?: boolean }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const id = useId();
  const decimals = step < 1 ? 2 : 0;
  return (
    <div className="mover">
      <label className={strong ? 'mover-title' : ''} htmlFor={id}>{title}</label>
      <input id={id} type="range" min={low} max={high} step={step} value={now} onInput={(event) => onMove(event.currentTarget.valueAsNumber)} onChange={() => undefined} aria-valuetext={`${format.number(now, decimals)} ${unit}`} />
      <span className="mover-number">
        <input
          className="number" type="number" min={low} max={high} step={step === 10 ? 1 : step} value={now} aria-label={words.exactly(title)}
          onChange={(event) => Number.isFinite(event.target.valueAsNumber) && onMove(Math.min(high, Math.max(0, event.target.valueAsNumber)))}
        />
        <span className="quiet">{unit}</span>
      </span>
      <span className="mover-own quiet">
        {now === own ? note : <button type="button" className="link" onClick={() => onMove(own)}>{words.back(format.number(own, decimals))}</button>}
      </span>
    </div>
  );
}

function Block({ indicator, moves, onMove }: { indicator: NonNullable<Table['indicators']>[number] } & Omit<Props, 'table'>) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const parts = indicator.parts ?? [];
  const points = (value: number) => format.number(value, value % 1 === 0 ? 0 : 1);
  const max = parts.reduce((sum, part) => sum + part.max * factorOf(moves, indicator.id, part.id), 0);
  return (
    <div className="block">
      <Mover
        title={text(indicator.title)} unit={words.times(points(max))} own={1} now={moves.weights[indicator.id] ?? 1} low={0} high={2} step={0.05}
        onMove={(value) => onMove(moved(moves, 'weights', indicator.id, value, 1))}
      />
      <details>
        <summary>{words.parts(parts.length, parts.map((part) => `${text(part.title)} ${points(part.max * factorOf(moves, indicator.id, part.id))}`).join(words.comma))}</summary>
        {parts.map((part) => (
          <div key={part.id} className="block-part">
            <Mover
              strong={false} title={text(part.title)} unit={words.times(points(part.max * factorOf(moves, indicator.id, part.id)))} own={1} now={moves.weights[part.id] ?? 1} low={0} high={2} step={0.05}
              onMove={(value) => onMove(moved(moves, 'weights', part.id, value, 1))}
            />
            <code className="formula">{part.expression}</code>
          </div>
        ))}
      </details>
    </div>
  );
}

function BarRow({ bar, moves, onMove }: { bar: NonNullable<Table['bars']>[number] } & Omit<Props, 'table'>) {
  const words = useWords(zh, en);
  const text = useText();
  const id = useId();
  const now = moves.bars[bar.id] ?? bar.kind;
  return (
    <tr>
      <td><label htmlFor={id}>{text(bar.title)}</label></td>
      <td>
        <Choice id={id} className={now === bar.kind ? '' : 'choice-moved'} value={now} options={[['veto', words.veto], ['review', words.review], ['off', words.off]]} onChange={(kind) => onMove(moved(moves, 'bars', bar.id, kind, bar.kind))} />
      </td>
    </tr>
  );
}
