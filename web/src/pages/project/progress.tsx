import { Button } from 'antd';

import { useFormat } from '../../kit/format';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import type { ProjectView } from './view';

const width = 640;
const height = 170;
const left = 34;
const bottom = 22;

/** Planned beside physical progress, month by month; and how sure owner and inspector are, side by side. */
export function Progress({ view, mayReport, mayInspect, onReport, onInspect }: { view: ProjectView; mayReport: boolean; mayInspect: boolean; onReport: () => void; onInspect: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const reports = view.reports ?? [];
  const behind = view.planned !== undefined && view.physical !== undefined ? view.planned - view.physical : undefined;
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">{words.progress} {mayReport && <Button size="small" type="primary" onClick={onReport}>{words.progressReport}</Button>} {mayInspect && <Button size="small" onClick={onInspect}>{words.progressInspect}</Button>}</h2>
      {reports.length === 0 && (view.inspections ?? []).length === 0 ? <p className="quiet">{words.progressNone}</p> : (
        <>
          <dl className="pairs">
            {view.physical !== undefined && <><dt>{words.physical}</dt><dd><strong className="n">{format.percent(view.physical)}</strong> {behind !== undefined && <span className="quiet">{behind > 0 ? words.behind(format.number(behind, 1)) : words.ahead}</span>}</dd></>}
            {view.planned !== undefined && <><dt>{words.planned}</dt><dd>{format.percent(view.planned)}</dd></>}
          </dl>
          <Curve view={view} />
          <h3>{words.confidence}</h3>
          <div className="sure">
            <Sure who={words.confidenceOwner} value={view.owner_confidence} />
            <Sure who={words.confidenceInspector} value={view.inspector_confidence} />
            {view.confidence_gap !== undefined && <p>{words.confidenceGap} <strong className="n">{words.points(format.number(Math.abs(view.confidence_gap), 1))}</strong></p>}
          </div>
        </>
      )}
    </section>
  );
}

function Sure({ who, value }: { who: string; value: number | undefined }) {
  const words = useWords(zh, en);
  const format = useFormat();
  return (
    <div className="sure-row">
      <span>{who}</span>
      <svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true" className="sure-bar"><rect width="200" height="10" className="sure-room" /><rect width={value === undefined ? 0 : value * 2} height="10" className="sure-part" /></svg>
      <span className="n">{value === undefined ? words.confidenceNone : format.percent(value)}</span>
    </div>
  );
}

/** The two lines by month; points are what inspectors found. */
function Curve({ view }: { view: ProjectView }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const reports = view.reports ?? [];
  const months = [...new Set([...reports.map((one) => one.month), ...(view.inspections ?? []).map((one) => one.month)])].sort();
  if (months.length < 2) return null;
  const x = (month: string) => left + (months.indexOf(month) * (width - left - 12)) / (months.length - 1);
  const y = (value: number) => 8 + ((100 - value) * (height - bottom - 8)) / 100;
  const line = (of: 'physical' | 'planned') => reports.filter((one) => one[of] !== undefined).map((one, index) => `${index === 0 ? 'M' : 'L'}${x(one.month).toFixed(1)} ${y(one[of] ?? 0).toFixed(1)}`).join('');
  const every = Math.ceil(months.length / 6);
  return (
    <figure className="curve">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words.chart(format.number(months.length))}>
        {[0, 50, 100].map((value) => <g key={value}><line x1={left} x2={width - 12} y1={y(value)} y2={y(value)} className="curve-line" /><text x={left - 4} y={y(value) + 4} className="curve-word" textAnchor="end">{value}%</text></g>)}
        {months.map((month, index) => index % every === 0 && <text key={month} x={x(month)} y={height - 4} className="curve-word" textAnchor={index === 0 ? 'start' : index === months.length - 1 ? 'end' : 'middle'}>{month.slice(0, 7)}</text>)}
        <path d={line('planned')} className="curve-planned" />
        <path d={line('physical')} className="curve-physical" />
        {(view.inspections ?? []).map((one) => one.physical !== undefined && <path key={one.month} d={`M${x(one.month)} ${y(one.physical) - 4}l4 4l-4 4l-4 -4z`} className="curve-found"><title>{`${words.inspected} ${one.month.slice(0, 7)} ${format.percent(one.physical)}`}</title></path>)}
      </svg>
      <figcaption className="quiet">
        <span><svg width="24" height="8" aria-hidden="true"><path d="M0 4H24" className="curve-planned" /></svg> {words.planned}</span>{' '}
        <span><svg width="24" height="8" aria-hidden="true"><path d="M0 4H24" className="curve-physical" /></svg> {words.physical}</span>{' '}
        {(view.inspections ?? []).length > 0 && <span><svg width="10" height="10" aria-hidden="true"><path d="M5 1l4 4l-4 4l-4 -4z" className="curve-found" /></svg> {words.inspected}</span>}
      </figcaption>
    </figure>
  );
}
