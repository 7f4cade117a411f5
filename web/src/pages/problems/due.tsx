import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { Mark } from '../../kit/mark';
import { en } from '../../words/problems.en';
import { zh } from '../../words/problems.zh';
import { useWords } from '../../words/words';
import { daysBetween } from './matter';

const soon = 7;

/** A deadline with what it means today: overdue by so many days, or soon. */
export function Due({ due, open }: { due: string | undefined; open: boolean }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { asOf } = useMoment();
  if (due === undefined || due === '') return <span className="quiet">{words.noDue}</span>;
  const left = daysBetween(asOf, due);
  return (
    <span className="due">
      <span className="nowrap">{format.day(due)}</span>{' '}
      {open && left < 0 && <strong><Mark tone="bad">{words.overdueBy(format.number(-left))}</Mark></strong>}
      {open && left === 0 && <Mark tone="part">{words.dueToday}</Mark>}
      {open && left > 0 && left <= soon && <Mark tone="part">{words.dueIn(format.number(left))}</Mark>}
    </span>
  );
}
