import { Input } from 'antd';

import type { Schemas } from '../../api/client';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { Field } from '../../kit/field';
import { useCatalogue } from './case-data';

type Papers = Record<string, { name: string; on: string }>;

/** Papers to hand in: each is named by its number or title, with its day. What stays empty is not handed in. */
export function PaperFields({ codes, papers, asOf, onChange }: { codes: string[]; papers: Papers; asOf: string; onChange: (papers: Papers) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const catalogue = useCatalogue();
  return (
    <fieldset className="paper-fields">
      <legend>{words.papersToHand}</legend>
      <p className="quiet">{words.paperLater}</p>
      {codes.map((code) => {
        const known = catalogue.data?.documents?.find((one) => one.code === code);
        const title = known ? text(known.title) : code;
        const typed = papers[code] ?? { name: '', on: asOf };
        return (
          <div key={code} className="paper-row">
            <Field label={title} help={words.paperName}><Input value={typed.name} onChange={(event) => onChange({ ...papers, [code]: { ...typed, name: event.target.value } })} /></Field>
            <Field label={words.paperDay}><Input type="date" aria-label={`${title}: ${words.paperDay}`} value={typed.on} max={asOf} onChange={(event) => onChange({ ...papers, [code]: { ...typed, on: event.target.value } })} /></Field>
          </div>
        );
      })}
    </fieldset>
  );
}

/** The papers that were named, as they are sent. */
export function handed(codes: string[], papers: Papers): Schemas['CaseworkHanded'][] {
  return codes.flatMap((code) => {
    const typed = papers[code];
    return typed && typed.name.trim() !== '' ? [{ code, name: typed.name.trim(), on: typed.on }] : [];
  });
}

export type { Papers };
