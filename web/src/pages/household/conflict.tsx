import { Button } from 'antd';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { useForm, type FormField } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { useAnswerText } from './answer';
import type { HouseholdDraft } from './draft';
import { answerWhere, atMember, differences, fieldWhere, joins, memberAt, sameAnswer, type Answer, type Changes } from './record';

type Choice = 'mine' | 'theirs';

/** The ledger's word beside mine where it is no longer what I began from: what it was, what it is now, what I made of it. Nothing is lost: what I let go comes back by undoing. */
export function Conflict({ draft, newest, onGo }: { draft: HouseholdDraft; newest: Schemas['HouseholdView']; onGo: (changes: Changes) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const fields = useForm().data?.fields ?? [];
  const [chosen, setChosen] = useState<Record<string, Choice>>({});
  const theirs = newest.record as Answer;
  const moved = differences(fields, draft.base, theirs);
  const gone = (where: string) => {
    const at = memberAt(where);
    return at !== undefined && !joins(at.key) && answerWhere(theirs, atMember(at.key)) === undefined;
  };
  const mine = Object.keys(draft.changes);
  const both = mine.filter((where) => gone(where) || (moved.includes(where) && !sameAnswer(answerWhere(theirs, where), draft.changes[where])));
  const alone = moved.filter((where) => !mine.includes(where));
  const choiceOf = (where: string): Choice => (gone(where) ? 'theirs' : (chosen[where] ?? 'mine'));
  const others = newest.version !== draft.version;
  return (
    <section className="conflict" role="alert" aria-labelledby="conflict">
      <h2 id="conflict">{others ? words.conflict : words.conflictDay(format.day(draft.valid))}</h2>
      <p>{words.conflictAbout}</p>
      {both.length > 0 && (
        <>
          <h3>{words.conflictBoth}</h3>
          <Table draft={draft} theirs={theirs} newest={newest} fields={fields} places={both} choiceOf={choiceOf} gone={gone} onChoose={(where, choice) => setChosen({ ...chosen, [where]: choice })} />
        </>
      )}
      {alone.length > 0 && (
        <details open={alone.length <= 8}>
          <summary>{words.conflictAlone(format.number(alone.length))}</summary>
          <Table draft={draft} theirs={theirs} newest={newest} fields={fields} places={alone} />
        </details>
      )}
      <p>{words.conflictKept(format.number(mine.length - both.filter((where) => choiceOf(where) === 'theirs').length))}</p>
      <Button type="primary" onClick={() => onGo(Object.fromEntries(Object.entries(draft.changes).filter(([where]) => !both.includes(where) || choiceOf(where) === 'mine')))}>{words.conflictGo}</Button>
    </section>
  );
}

function Table({ draft, theirs, newest, fields, places, choiceOf, gone, onChoose }: { draft: HouseholdDraft; theirs: Answer; newest: Schemas['HouseholdView']; fields: FormField[]; places: string[]; choiceOf?: (where: string) => Choice; gone?: (where: string) => boolean; onChoose?: (where: string, choice: Choice) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const read = useAnswerText(newest.division);
  const said = (field: FormField, where: string, answer: Answer | undefined) => (memberAt(where) && memberAt(where)?.path === undefined ? (answer === true ? words.memberThere : words.memberLeaves) : read(field, answer));
  return (
    <table className="table">
      <thead><tr><th scope="col">{words.conflictField}</th><th scope="col">{words.conflictBase}</th><th scope="col">{words.conflictTheirs}</th>{choiceOf && <th scope="col">{words.conflictMine}</th>}</tr></thead>
      <tbody>
        {places.map((where) => {
          const field = fieldWhere(fields, where);
          if (!field) return null;
          const at = memberAt(where);
          const name = at && (answerWhere(draft.base, atMember(at.key, 'name')) ?? answerWhere(theirs, atMember(at.key, 'name')));
          const title = `${typeof name === 'string' ? `${name} ` : ''}${text(field.title)}`;
          const lost = gone?.(where) === true;
          const option = (choice: Choice, words_: string) => (
            <label className="conflict-choice">
              <input type="radio" name={where} disabled={lost} checked={choiceOf?.(where) === choice} onChange={() => onChoose?.(where, choice)} aria-label={`${title} ${choice === 'mine' ? words.conflictMine : words.conflictTheirs} ${words_}`} /> {words_}
            </label>
          );
          const other = lost ? words.memberLeaves : said(field, where, answerWhere(theirs, where));
          return (
            <tr key={where}>
              <th scope="row">{title}</th>
              <td className="quiet">{said(field, where, answerWhere(draft.base, where))}</td>
              <td className="answer-changed">{choiceOf ? option('theirs', other) : other}</td>
              {choiceOf && <td>{option('mine', said(field, where, draft.changes[where]))}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
