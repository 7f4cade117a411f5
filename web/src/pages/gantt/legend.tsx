import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import type { MilestoneState } from './scale';

/** What the shapes of the chart mean. */
export function Legend() {
  const words = useWords(zh, en);
  const shapes: [MilestoneState, string][] = [['met', words.ganttMet], ['late', words.ganttLate], ['due', words.ganttDue], ['missed', words.ganttMissed]];
  return (
    <ul className="gantt-legend" aria-label={words.legend}>
      <li><svg width="26" height="12" aria-hidden="true"><rect x="0" y="3" width="26" height="6" className="gantt-planned" /></svg> {words.ganttPlanned}</li>
      <li><svg width="26" height="12" aria-hidden="true"><rect x="0" y="2" width="26" height="8" className="gantt-actual" /></svg> {words.ganttActual}</li>
      {shapes.map(([state, title]) => (
        <li key={state}>
          <svg width="26" height="12" aria-hidden="true"><g className={`gantt-milestone gantt-${state}`}>{(state === 'late' || state === 'missed') && <path d={state === 'late' ? 'M2 6H18' : 'M8 6H26'} className="gantt-slip" />}<path d={state === 'late' ? 'M18 1l5 5l-5 5l-5 -5z' : 'M8 1l5 5l-5 5l-5 -5z'} /></g></svg> {title}
        </li>
      ))}
      <li><svg width="26" height="12" aria-hidden="true"><path d="M3 2v8M3 6H22" className="gantt-moved" /></svg> {words.ganttMoved}</li>
      <li><svg width="26" height="12" aria-hidden="true"><line x1="13" x2="13" y1="0" y2="12" className="gantt-today" /></svg> {words.ganttToday}</li>
    </ul>
  );
}
