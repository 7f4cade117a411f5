import { useMemo } from 'react';

import type { Chart, ChartLine } from '../../kit/chart';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { en } from '../../words/measures.en';
import { zh } from '../../words/measures.zh';
import { useText, useWords } from '../../words/words';
import { ChartBlock } from './chart-block';
import { resultOf, useQuestion, type Profile } from './question';

/** The Lorenz or the incidence curve of the place on both days. */
export function Curves({ before, now }: { before: Profile; now: Profile }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const { curve, ask } = useQuestion();
  const points = useMemo(() => ({ before: pointsOf(before, curve), now: pointsOf(now, curve) }), [before, now, curve]);
  const chart = useMemo<Chart | null>(() => {
    const lines: ChartLine[] = [];
    if (points.now.length > 0) lines.push({ name: now.as_of, points: points.now, tone: 'now' });
    if (points.before.length > 0) lines.push({ name: before.as_of, points: points.before, tone: 'before' });
    if (lines.length === 0) return null;
    if (curve === 'lorenz') {
      lines.push({ name: words.equality, points: [[0, 0], [1, 1]], tone: 'reference' });
      return { kind: 'lines', x: { title: words.populationShare, percent: true, from: 0, to: 1 }, y: { title: words.incomeShare, percent: true, from: 0, to: 1 }, lines };
    }
    return {
      kind: 'lines', x: { title: words.lineAxis, from: 0 }, y: { title: words.poorShare, percent: true, from: 0, to: 1 }, lines,
      ...(now.line === null ? {} : { mark: { name: words.line(format.number(now.line)), at: now.line } }),
    };
  }, [points, curve, words, before.as_of, now.as_of, now.line, format]);
  const why = resultOf(now, curve)?.undefined ?? resultOf(before, curve)?.undefined;
  const rows = () => [
    [words.csvHeads.day, words.csvHeads.x, words.csvHeads.y],
    ...[before, now].flatMap((profile) => pointsOf(profile, curve).map(([x, y]) => [profile.as_of, x, y])),
  ];
  const steps = points.now.filter((_, index) => index % 10 === 0);
  return (
    <section aria-labelledby="curves" className="after">
      <h2 id="curves">{words.curves}</h2>
      <div className="filters">
        <Field label={words.curve}><Choice value={curve} options={[['lorenz', words.curveKinds.lorenz], ['incidence', words.curveKinds.incidence]]} onChange={(kind) => ask({ curve: kind === 'lorenz' ? undefined : kind })} /></Field>
      </div>
      <p>{words.curveAbout[curve]}</p>
      {why !== undefined && <p role="status" className="measure-said">{text(why)}</p>}
      {chart && (
        <ChartBlock title={words.curveKinds[curve]} name={curve} chart={chart} rows={rows} profiles={[before, now]}>
          <div className="scroll" role="region" aria-label={words.curveKinds[curve]} tabIndex={0}>
            <table className="table measure-narrow">
              <caption className="unseen">{words.curveKinds[curve]}</caption>
              <thead><tr><th scope="col" className="n">{chart.kind === 'lines' && chart.x.title}</th>{[before, now].map((profile) => <th key={profile.as_of} scope="col" className="n">{profile.as_of}</th>)}</tr></thead>
              <tbody>
                {steps.map(([x]) => (
                  <tr key={x}>
                    <th scope="row" className="n">{curve === 'lorenz' ? `${format.number(x * 100)}%` : format.number(x)}</th>
                    {[points.before, points.now].map((line, index) => <td key={index} className="n">{percent(format.number, at(line, x))}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </ChartBlock>
      )}
    </section>
  );
}

function pointsOf(profile: Profile, curve: string): [number, number][] {
  return (resultOf(profile, curve)?.curve ?? []).map((point): [number, number] => [point?.[0] ?? 0, point?.[1] ?? 0]);
}

/** The height of a curve at a place that need not be one of its points: straight between two. */
function at(line: [number, number][], x: number): number | null {
  const next = line.findIndex((point) => point[0] >= x);
  const [right, left] = [line[next], line[next - 1]];
  if (!right) return null;
  if (!left || right[0] === x) return right[0] === x ? right[1] : null;
  return left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
}

function percent(write: (value: number | null, decimals?: number) => string, value: number | null): string {
  return value === null ? '—' : `${write(value * 100, 1)}%`;
}
