import { useId } from 'react';

import type { Schemas } from '../../api/client';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';
import { band } from './effect';
import { areApart } from './standings';

interface Props {
  totals: Schemas['TotalsOutputBody'] | undefined;
  price: number;
  onPrice: (price: number) => void;
  onOpen: (which: string) => void;
}

/** What the change comes to, always in sight at the foot. */
export function Strip({ totals, price, onPrice, onOpen }: Props) {
  const words = useWords(zh, en);
  const format = useFormat();
  const effect = totals?.effect;
  const open = useMay()('read_records') ? onOpen : undefined;
  const whole = effect?.whole;
  const near = effect?.band ? [effect.band.below, effect.band.above, effect.band.open] : undefined;
  const sum = (counts: { households: number; members: number }[]) => ({ households: counts.reduce((all, one) => all + one.households, 0), members: counts.reduce((all, one) => all + one.members, 0) });
  const standings = effect?.standings ?? [];
  const apart = sum(standings.filter(areApart));
  return (
    <section className="lab-strip" aria-label={words.strip}>
      <Cell title={words.enter} count={whole?.enter} sign="+" open={open && (() => open('enter'))} />
      <Cell title={words.leave} count={whole?.leave} sign="−" open={open && (() => open('leave'))} />
      <Cell title={words.borderline(band)} count={near && sum(near)} open={open && (() => open('borderline'))} />
      <Cell title={words.undecided} count={totals && { households: totals.whole.households.undetermined, members: totals.whole.members.undetermined }} open={open && (() => open('undetermined'))} />
      <Cell title={words.apart} count={standings.length > 0 ? apart : undefined} />
      <div className="strip-cell">
        <Price price={price} onPrice={onPrice} />
        <p className="n"><strong>{effect?.cost ? format.money(effect.cost.after) : '—'}</strong> <span className="quiet">{effect?.cost && `${format.moneyUnit}${words.costChange(`${effect.cost.after >= effect.cost.before ? '+' : ''}${format.money(effect.cost.after - effect.cost.before)}`)}`}</span></p>
      </div>
    </section>
  );
}

function Cell({ title, count, sign = '', open }: { title: string; count: { households: number; members: number } | undefined; sign?: string; open?: (() => void) | undefined }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const written = count === undefined ? '—' : `${count.households > 0 ? sign : ''}${format.number(count.households)}`;
  return (
    <div className="strip-cell">
      <h3>{title}</h3>
      <p className="n">
        <strong>{open && count ? <button type="button" className="figure-number" aria-label={`${words.open(title)} ${written}`} onClick={open}>{written}</button> : written}</strong>{' '}
        <span className="quiet">{count === undefined ? '' : words.householdsPersons(format.number(count.members))}</span>
      </p>
    </div>
  );
}

function Price({ price, onPrice }: { price: number; onPrice: (price: number) => void }) {
  const words = useWords(zh, en);
  const id = useId();
  return (
    <h3>
      <label htmlFor={id}>{words.price}</label> <input id={id} className="number" type="number" min={0} max={1000000} step={100} defaultValue={price === 0 ? '' : price} placeholder="0" onBlur={(event) => onPrice(event.target.valueAsNumber || 0)} onKeyDown={(event) => event.key === 'Enter' && onPrice(event.currentTarget.valueAsNumber || 0)} /> <span className="quiet">{words.perPerson}</span>
    </h3>
  );
}
