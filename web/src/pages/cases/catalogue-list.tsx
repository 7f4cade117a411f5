import { Button } from 'antd';

import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { useCatalogue, useHeld } from './case-data';
import { Steps } from './steps';

/** What can be applied for: legal deadline, papers, and the steps over the departments. */
export function CatalogueList({ onApply }: { onApply: ((matter: string) => void) | undefined }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const catalogue = useCatalogue();
  const paper = (code: string) => {
    const found = catalogue.data?.documents?.find((one) => one.code === code);
    return found ? text(found.title) : code;
  };
  return (
    <section aria-labelledby="catalogue" className="after">
      <h2 id="catalogue">{words.catalogue}</h2>
      {catalogue.isPending && <Waiting lines={6} height={240} />}
      {catalogue.isError && <ProblemMessage error={catalogue.error} retry={() => void catalogue.refetch()} />}
      {catalogue.data && <p className="quiet">{text(catalogue.data.basis)}</p>}
      {(catalogue.data?.matters ?? []).map((matter) => (
        <details key={matter.code} className="matter-kind">
          <summary><strong>{text(matter.title)}</strong> <span className="quiet">{words.legalDays(format.number(matter.legal_days))}</span></summary>
          <p><span className="quiet">{words.needs}</span> {format.list((matter.documents ?? []).map(paper))}</p>
          <Steps steps={matter.steps ?? []} />
          {onApply && <Button aria-label={`${words.apply}: ${text(matter.title)}`} onClick={() => onApply(matter.code)}>{words.apply}</Button>}
        </details>
      ))}
    </section>
  );
}

/** What the investor need not hand in again. */
export function HeldPapers({ asOf }: { asOf: string }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const catalogue = useCatalogue();
  const held = useHeld(asOf, true);
  const papers = held.data?.papers ?? [];
  return (
    <section aria-labelledby="held" className="after">
      <h2 id="held">{words.held}</h2>
      <p className="quiet">{held.isSuccess && papers.length === 0 ? words.heldNone : words.heldAbout}</p>
      {held.isError && <ProblemMessage error={held.error} retry={() => void held.refetch()} />}
      {papers.length > 0 && (
        <table className="table">
          <thead><tr><th scope="col">{words.paper}</th><th scope="col">{words.paperName}</th><th scope="col">{words.paperDay}</th><th scope="col">{words.until}</th></tr></thead>
          <tbody>
            {papers.map((one) => {
              const known = catalogue.data?.documents?.find((paper) => paper.code === one.code);
              return <tr key={one.code}><td>{known ? text(known.title) : one.code}</td><td>{one.name}</td><td>{format.day(one.on)}</td><td>{format.day(one.until)}</td></tr>;
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
