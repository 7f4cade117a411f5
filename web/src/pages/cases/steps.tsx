import type { ReactNode } from 'react';

import { useFormat } from '../../kit/format';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { columnsOf, type Step } from './case-data';

/** The steps of a matter from left to right; what stands in one column runs side by side. Each says whom it waits for. */
export function Steps<S extends Step>({ steps, state, foot }: { steps: S[]; state?: (step: S) => string; foot?: (step: S) => ReactNode }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const title = (code: string) => {
    const found = steps.find((step) => step.code === code);
    return found ? text(found.title) : code;
  };
  const columns = columnsOf(steps);
  return (
    <>
      <ol className="steps" aria-label={words.steps}>
        {columns.map((column, index) => (
          <li key={index} className="steps-column">
            <ul>
              {column.map((step) => (
                <li key={step.code} className={`step step-${state?.(step) ?? 'plain'}`}>
                  <strong>{text(step.title)}</strong>
                  <span data-of-the-city>{step.department}</span>
                  <span className="quiet">{words.stepDays(format.number(step.days))}</span>
                  {(step.after ?? []).length > 0 && <span className="quiet">{words.after(format.list((step.after ?? []).map(title)))}</span>}
                  {foot?.(step)}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {columns.some((column) => column.length > 1) && <p className="quiet">{words.parallel}</p>}
    </>
  );
}
