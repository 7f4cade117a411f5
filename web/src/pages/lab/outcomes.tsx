import type { Schemas } from '../../api/client';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { OutcomeTag, type Outcome } from '../../kit/outcome';
import { en as kitEN } from '../../words/kit.en';
import { zh as kitZH } from '../../words/kit.zh';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';

const order: Outcome[] = ['proposed', 'review', 'undetermined', 'barred', 'not_proposed'];

/** The five outcomes, before and after: proposals all of them. */
export function Outcomes({ before, after, onOpen }: { before: Schemas['DivisionTally']; after: Schemas['DivisionTally']; onOpen: (which: string) => void }) {
  const words = useWords(zh, en);
  const outcomes = useWords(kitZH, kitEN).outcomes;
  const format = useFormat();
  const mayRead = useMay()('read_records');
  return (
    <div className="scroll" role="region" aria-label={words.outcomes} tabIndex={0}>
      <table className="table lab-outcomes">
        <thead>
          <tr>
            <th scope="col">{words.outcome}</th><th scope="col" className="n">{words.householdsBefore}</th><th scope="col" className="n">{words.householdsAfter}</th>
            <th scope="col" className="n">{words.personsBefore}</th><th scope="col" className="n">{words.personsAfter}</th><th scope="col" className="n">{words.change}</th>
          </tr>
        </thead>
        <tbody>
          {order.map((outcome) => {
            const change = after.members[outcome] - before.members[outcome];
            return (
              <tr key={outcome}>
                <th scope="row"><OutcomeTag outcome={outcome} /></th>
                <td className="n quiet">{format.number(before.households[outcome])}</td>
                <td className="n">
                  {mayRead ? <button type="button" className="figure-number" aria-label={`${words.open(outcomes[outcome])} ${format.number(after.households[outcome])}`} onClick={() => onOpen(outcome)}>{format.number(after.households[outcome])}</button> : format.number(after.households[outcome])}
                </td>
                <td className="n quiet">{format.number(before.members[outcome])}</td>
                <td className="n"><strong data-total={outcome}>{format.number(after.members[outcome])}</strong></td>
                <td className="n">{change > 0 ? '+' : ''}{format.number(change)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
