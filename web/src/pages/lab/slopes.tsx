import type { Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';

const width = 240;

/** Persons who would be taken in, before and after, by division in the order of their codes: nobody is ranked. */
export function Slopes({ totals }: { totals: Schemas['TotalsOutputBody'] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { setDivision } = useMoment();
  const turned = new Map((totals.effect?.parts ?? []).map((part) => [part.division.id, part]));
  const rows = (totals.parts ?? []).map((part) => {
    const after = part.members.proposed + part.members.review;
    const difference = turned.get(part.division.id);
    const [enter, leave] = [difference?.enter.members ?? 0, difference?.leave.members ?? 0];
    return { division: part.division, after, before: after - enter + leave, enter, leave };
  });
  const most = Math.max(1, ...rows.map((row) => Math.max(row.before, row.after)));
  const deeper = totals.parts?.some((part) => part.division.id !== totals.whole.division.id && !/[1-9]\d{0,2}$/.test(part.division.id.slice(9)));
  return (
    <div className="lab-slopes scroll" role="region" aria-label={words.slopes} tabIndex={0}>
      <table className="table">
        <caption className="unseen">{words.slopes}</caption>
        <thead>
          <tr>
            <th scope="col">{words.division}</th><th scope="col" className="n">{words.before}</th><th scope="col"><span className="unseen">{words.slope}</span></th><th scope="col" className="n">{words.after}</th>
            <th scope="col" className="n">{words.enter}</th><th scope="col" className="n">{words.leave}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.division.id}>
              <th scope="row" data-of-the-city>{deeper ? <button type="button" className="link" onClick={() => setDivision(row.division.id)}>{row.division.name}</button> : row.division.name}</th>
              <td className="n quiet">{format.number(row.before)}</td>
              <td><Slope before={row.before / most} after={row.after / most} /></td>
              <td className="n">{format.number(row.after)}</td>
              <td className="n">{row.enter === 0 ? '' : `+${format.number(row.enter)}`}</td>
              <td className="n">{row.leave === 0 ? '' : `−${format.number(row.leave)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** From a ring to a dot: where it was, and where it is. */
function Slope({ before, after }: { before: number; after: number }) {
  const x = (share: number) => 6 + share * (width - 12);
  return (
    <svg className={after > before ? 'slope slope-more' : after < before ? 'slope slope-fewer' : 'slope'} viewBox={`0 0 ${width} 14`} width={width} height="14" aria-hidden="true">
      <line x1="6" x2={width - 6} y1="7" y2="7" stroke="var(--hairline)" />
      <line x1={x(before)} x2={x(after)} y1="7" y2="7" stroke="currentColor" strokeWidth="3" />
      <circle cx={x(before)} cy="7" r="3.5" fill="var(--surface)" stroke="var(--quiet)" strokeWidth="1.5" />
      <circle cx={x(after)} cy="7" r="4" fill="currentColor" />
    </svg>
  );
}
