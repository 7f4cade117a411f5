import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useText, useWords } from '../../words/words';

interface Props {
  cases: Schemas['CaseView'][];
  /** cases whose new result somebody agreed to, and how to agree; without it the table is to be read alone */
  agreed?: string[];
  onAgree?: (name: string, agrees: boolean) => void;
}

/** The document's own examples: what was expected, what comes out. One that comes out otherwise is a question to people, not to the program. */
export function Cases({ cases, agreed = [], onAgree }: Props) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  if (cases.length === 0) return <p className="quiet">{words.noCases}</p>;
  return (
    <div className="scroll" role="region" aria-label={words.cases} tabIndex={0}>
      <table className="table">
        <thead><tr><th scope="col">{words.caseName}</th><th scope="col">{words.caseExpected}</th><th scope="col">{words.caseCame}</th><th scope="col">{words.caseResult}</th></tr></thead>
        <tbody>
          {cases.map((one) => (
            <tr key={one.name}>
              <td><span data-of-the-city>{one.name}</span> <span className="quiet">{format.day(one.as_of)}</span></td>
              <td>{text(one.expected)}</td>
              <td>{text(one.came)}</td>
              <td>
                {one.passes ? words.casePasses : onAgree === undefined ? <strong className="case-fails">{words.caseFails}</strong> : (
                  <label className="case-agree"><input type="checkbox" checked={agreed.includes(one.name)} onChange={(event) => onAgree(one.name, event.target.checked)} /> {words.caseAgree}</label>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
