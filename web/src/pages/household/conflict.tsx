import { Button } from 'antd';

import type { Schemas } from '../../api/client';
import { useForm } from '../../kit/form';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { useAnswerText } from './answer';
import type { HouseholdDraft } from './draft';
import { answerWhere, fieldWhere, type Answer } from './record';

/** Both changes side by side where somebody else was quicker. Nothing is lost: one goes on from the newest entry with what one keeps. */
export function Conflict({ draft, newest, onDrop, onGo }: { draft: HouseholdDraft; newest: Schemas['HouseholdView']; onDrop: (where: string) => void; onGo: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const fields = useForm().data?.fields ?? [];
  const read = useAnswerText(newest.division);
  const theirs = newest.record as Answer;
  return (
    <section className="conflict" role="alert" aria-labelledby="conflict">
      <h2 id="conflict">{words.conflict}</h2>
      <p>{words.conflictAbout}</p>
      <table className="table">
        <thead><tr><th scope="col">{words.conflictField}</th><th scope="col">{words.conflictTheirs}</th><th scope="col">{words.conflictMine}</th><td /></tr></thead>
        <tbody>
          {Object.entries(draft.changes).map(([where, mine]) => {
            const field = fieldWhere(fields, where);
            if (!field) return null;
            const other = answerWhere(theirs, where);
            const moved = JSON.stringify(other) !== JSON.stringify(answerWhere(draft.base, where));
            return (
              <tr key={where}>
                <th scope="row">{text(field.title)}</th>
                <td className={moved ? 'answer-changed' : 'quiet'}>{read(field, other)}</td>
                <td>{read(field, mine)}</td>
                <td><button type="button" className="link" onClick={() => onDrop(where)}>{words.discardMine}</button></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Button type="primary" onClick={onGo}>{words.conflictGo}</Button>
    </section>
  );
}
