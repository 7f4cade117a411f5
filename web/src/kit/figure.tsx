import { useState } from 'react';

import type { Schemas } from '../api/client';
import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useText, useWords } from '../words/words';
import { FigurePanel } from './figure-panel';
import { useFormat } from './format';
import { Sparkline, type TrendPoint } from './sparkline';

export type FigureView = Schemas['FigureView'];

/** A number that opens its proof when it is pressed. Wherever a figure of the book stands on a page, it stands in this. */
export function FigureNumber({ figure, className }: { figure: FigureView; className?: string }) {
  const [open, setOpen] = useState(false);
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  return (
    <>
      <button type="button" className={`figure-number ${className ?? ''}`} onClick={() => setOpen(true)} aria-label={`${words.openProof(text(figure.title))} ${format.number(figure.value, figure.decimals)} ${text(figure.unit)}`}>
        {format.number(figure.value, figure.decimals)}
      </button>
      {open && <FigurePanel name={figure.name} division={figure.division.id} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A key figure: title, number, unit, kind and trend. */
export function FigureTile({ figure, trend }: { figure: FigureView; trend?: TrendPoint[] | undefined }) {
  const words = useWords(zh, en);
  const text = useText();
  const kinds: Record<string, string> = words.kinds;
  return (
    <article className="tile">
      <h3>{text(figure.title)}</h3>
      <p className="tile-number">
        <FigureNumber figure={figure} /> <span className="quiet">{text(figure.unit)}</span>
      </p>
      <Sparkline points={trend} decimals={figure.decimals} />
      <p className="tile-foot quiet">
        <span className={`kind kind-${figure.status}`}>{kinds[figure.status] ?? figure.status}</span> {text(figure.definition)}
      </p>
    </article>
  );
}
