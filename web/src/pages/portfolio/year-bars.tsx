import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, take } from '../../api/client';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useQueryOf, type Filter } from './filter';

const width = 400;

/** What the projects of a filter plan to have invested by the end of the year, and how much of it has arrived and is spent: three bars on one scale. */
export function YearBars({ filter }: { filter: Filter }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const query = useQueryOf(filter);
  const year = useQuery({ queryKey: ['projects', 'year', query], queryFn: () => take(api.GET('/api/projects/year', { params: { query } })), placeholderData: keepPreviousData });
  if (year.isError) return <ProblemMessage error={year.error} retry={() => void year.refetch()} />;
  if (year.isPending) return <Waiting lines={3} height={104} />;
  const money = year.data;
  const whole = Math.max(money.planned_fen, money.arrived_fen, money.spent_fen);
  const bars = [['planned', money.planned_fen], ['arrived', money.arrived_fen], ['spent', money.spent_fen]] as const;
  return (
    <section className="year-bars" aria-label={words.yearTitle(format.day(money.until))}>
      <h2>{words.yearTitle(format.day(money.until))} <span className="quiet">{format.amountUnit}</span></h2>
      <table>
        <tbody>
          {bars.map(([name, fen]) => (
            <tr key={name}>
              <th scope="row">{words.yearBars[name]}</th>
              <td><svg viewBox={`0 0 ${width} 12`} preserveAspectRatio="none" aria-hidden="true" className="year-bar"><rect width={width} height="12" className="year-room" /><rect width={whole === 0 ? 0 : (fen / whole) * width} height="12" className={`year-${name}`} /></svg></td>
              <td className="n"><strong>{format.amount(fen)}</strong></td>
              <td className="n quiet">{name !== 'planned' && money.planned_fen > 0 ? words.yearShare(format.percent((100 * fen) / money.planned_fen)) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{words.yearAbout(format.number(money.counted), format.number(money.planning), format.number(money.reported))}</p>
    </section>
  );
}
