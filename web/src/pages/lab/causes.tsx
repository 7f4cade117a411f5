import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useText, useWords } from '../../words/words';

/** What did it: the parts, bars and conditions that say otherwise of those who change sides. */
export function Causes({ causes }: { causes: Schemas['CriteriaCause'][] }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const kinds: Record<string, string> = words.causeKinds;
  if (causes.length === 0) return null;
  const sorted = [...causes].sort((a, b) => b.enter + b.leave - a.enter - a.leave).slice(0, 8);
  return (
    <>
      <h2>{words.causes}</h2>
      <table className="table">
        <thead><tr><th scope="col">{words.cause}</th><th scope="col" className="n">{words.enterHouseholds}</th><th scope="col" className="n">{words.leaveHouseholds}</th></tr></thead>
        <tbody>
          {sorted.map((cause) => (
            <tr key={`${cause.kind} ${cause.id}`}>
              <td>{cause.kind === 'condition' ? <code className="formula">{cause.id}</code> : text(cause.title)} <span className="quiet">{kinds[cause.kind] ?? ''}</span></td>
              <td className="n">{format.number(cause.enter)}</td>
              <td className="n">{format.number(cause.leave)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
