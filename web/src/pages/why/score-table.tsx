import { Fragment } from 'react';

import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/why.en';
import { zh } from '../../words/why.zh';
import { useText, useWords } from '../../words/words';

/** How a score is written: a number, or from where to where. */
export function useScore() {
  const words = useWords(zh, en);
  const format = useFormat();
  const points = (value: number) => format.number(value, value % 1 === 0 ? 0 : 1);
  return (low: number, high: number) => (low === high ? points(low) : words.between(points(low), points(high)));
}

/** The blocks with their parts: words, the answers used, points out of the most as a thin bar. */
export function ScoreTable({ explanation }: { explanation: Schemas['ExplainOutputBody'] }) {
  const words = useWords(zh, en);
  const text = useText();
  const score = useScore();
  return (
    <div className="scroll" role="region" aria-label={words.score} tabIndex={0}>
      <table className="table why-table">
        <thead>
          <tr>
            <th scope="col">{words.part}</th><th scope="col">{words.used}</th><th scope="col" className="n">{words.points}</th><th scope="col" className="n">{words.max}</th>
            <th scope="col"><span className="unseen">{words.bar}</span></th>
          </tr>
        </thead>
        <tbody>
          {(explanation.indicators ?? []).map((indicator) => {
            const [low, high] = [indicator.score?.[0] ?? 0, indicator.score?.[1] ?? 0];
            return (
              <Fragment key={indicator.id}>
                <tr className="why-block">
                  <th scope="rowgroup" colSpan={2}>{text(indicator.title)}</th><th className="n">{score(low, high)}</th><th className="n">{score(indicator.max, indicator.max)}</th>
                  <th><PointsBar low={low} high={high} max={indicator.max} /></th>
                </tr>
                {(indicator.parts ?? []).map((part) => <PartRow key={part.id} part={part} />)}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function PartRow({ part }: { part: Schemas['CriteriaExplainedPart'] }) {
  const words = useWords(zh, en);
  const text = useText();
  const score = useScore();
  const hidden = part.hidden === true;
  const reads = (part.reads ?? []).map((read) => `${text(read.title)} ${read.known || text(read.words) !== '' ? text(read.words) : words.noAnswer}`);
  const shown = hidden ? [words.hidden] : part.known ? reads : (part.why_unknown ?? []).map(text);
  return (
    <tr>
      <td>{text(part.title)}</td>
      <td>{[...new Set(shown)].slice(0, 8).join(' · ')}</td>
      <td className="n">{hidden ? '' : part.known ? score(part.points, part.points) : words.unknown}</td>
      <td className="n quiet">{score(part.max, part.max)}</td>
      <td className="why-bar">{!hidden && <PointsBar low={part.known ? part.points : 0} high={part.known ? part.points : part.max} max={part.max} />}</td>
    </tr>
  );
}

/** What is sure in full colour, what may be added hatched. */
function PointsBar({ low, high, max }: { low: number; high: number; max: number }) {
  const share = (value: number) => `${max > 0 ? (100 * value) / max : 0}%`;
  return (
    <span className="points" aria-hidden="true">
      {high > low && <span className="points-open" style={{ width: share(high) }} />}
      <span style={{ width: share(low) }} />
    </span>
  );
}
