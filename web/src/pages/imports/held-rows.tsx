import { useFormat } from '../../kit/format';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useText, useWords } from '../../words/words';
import type { Finding, ImportKind } from './kinds';

/** How many rows of one kind of problem stand under it. */
const shownRows = 12;

/** What is held back, by kind of problem: what to do about it, and the rows it stands in. */
export function HeldRows({ kind, findings }: { kind: ImportKind; findings: Finding[] }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  if (findings.length === 0) return <p>{words.heldNone}</p>;
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) alike.set(finding.alike, [...(alike.get(finding.alike) ?? []), finding]);
  return (
    <>
      <h3>{words.heldTitle}</h3>
      <p className="quiet">{words.of[kind.name].heldAbout}</p>
      <div className="scroll held" tabIndex={0} role="region" aria-label={words.heldTitle}>
        <table className="table">
          <thead><tr><th scope="col">{words.column}</th><th scope="col">{words.what}</th><th scope="col">{words.rows}</th></tr></thead>
          <tbody>
            {[...alike.entries()].map(([key, some]) => (
              <tr key={key}>
                <td>{some[0]?.column}</td>
                <td>{some[0] && text(some[0].message)}</td>
                <td>{some.slice(0, shownRows).map((finding) => words.row(format.number(finding.row))).join(' · ')}{some.length > shownRows && ' …'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {findings.length >= 1000 && <p className="quiet">{words.heldMore(format.number(findings.length))}</p>}
    </>
  );
}
