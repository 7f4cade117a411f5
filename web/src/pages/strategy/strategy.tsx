import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay, useSession } from '../../app/session';
import { useAddress } from '../../kit/address';
import { FigurePanel } from '../../kit/figure-panel';
import { useFormat } from '../../kit/format';
import { Mark, type Tone } from '../../kit/mark';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/strategy.en';
import { zh } from '../../words/strategy.zh';
import { useText, useWords } from '../../words/words';
import { Course, reachable, type Followed } from './course';
import './strategy.css';
import { Values } from './values';

/** The strategies with their aims and indicators: where each stands, what was due, and where the trend leads. */
export function Strategy() {
  const words = useWords(zh, en);
  const text = useText();
  const { asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const tree = useQuery({ queryKey: ['strategy', asOf], queryFn: () => take(api.GET('/api/strategy', { params: { query: { as_of: asOf } } })) });
  const strategies = tree.data?.strategies ?? [];
  const cities = [...new Set(strategies.flatMap((one) => (one.aims ?? []).flatMap((aim) => (aim.indicators ?? []).flatMap((each) => (each.peers ?? []).map((peer) => peer.city)))))].sort();
  const [said, setSaid] = useState('');
  const chosen = address.peers?.split('|') ?? [];
  const choose = (city: string, on: boolean) => setAddress({ peers: (on ? [...chosen, city] : chosen.filter((one) => one !== city)).join('|') });
  return (
    <Page title={words.title} about={words.about} rule={tree.data && `${tree.data.id}@${tree.data.version}`}>
      {tree.isPending && <Waiting lines={16} height={700} />}
      {tree.isError && <ProblemMessage error={tree.error} retry={() => void tree.refetch()} />}
      {tree.data && <p className="quiet">{text(tree.data.basis)}</p>}
      <p role="status" className="done">{said}</p>
      {cities.length > 0 && (
        <fieldset className="peers">
          <legend>{words.peers} <span className="quiet">{words.peersAbout}</span></legend>
          <span data-of-the-city>{cities.map((city) => <label key={city}><input type="checkbox" checked={chosen.includes(city)} onChange={(event) => choose(city, event.target.checked)} /> {city}</label>)}</span>
        </fieldset>
      )}
      {strategies.map((one) => (
        <section key={one.id} aria-label={text(one.title)} className="strategy">
          <h2>{text(one.title)}</h2>
          {(one.aims ?? []).map((aim) => <Aim key={aim.id} aim={aim} peers={chosen} onSaved={setSaid} />)}
        </section>
      ))}
    </Page>
  );
}

function Aim({ aim, peers, onSaved }: { aim: Schemas['StrategyFollowedAim']; peers: string[]; onSaved: (said: string) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  return (
    <>
      <h3>{text(aim.title)}</h3>
      <div className="scroll">
        <table className="table aims">
          <thead><tr><th scope="col">{words.indicator}</th><th scope="col" className="n">{words.baseline}</th><th scope="col" className="n">{words.current}</th><th scope="col">{words.milestone}</th><th scope="col" className="n">{words.target}</th><th scope="col">{words.forecast}</th><th scope="col">{words.course}</th></tr></thead>
          <tbody>{(aim.indicators ?? []).map((one) => <Row key={one.id} one={one} peers={peers} onSaved={onSaved} />)}</tbody>
        </table>
      </div>
    </>
  );
}

const tones: Record<string, Tone> = { likely: 'good', unlikely: 'bad', open: 'open' };

function Row({ one, peers, onSaved }: { one: Followed; peers: string[]; onSaved: (said: string) => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const format = useFormat();
  const session = useSession();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const [entering, setEntering] = useState(false);
  const number = (value: number) => format.number(value, one.decimals);
  const outlooks: Record<string, string> = words.outlooks;
  const first = one.series?.[0];
  const figure = one.figure;
  const forecast = reachable(one);
  const near = (one.peers ?? []).filter((peer) => peers.includes(peer.city));
  return (
    <tr>
      <td>
        {text(one.title)} <span className="quiet">{text(one.unit)}</span><br /><span className="quiet" data-of-the-city>{one.office}</span><br />
        <button type="button" className="link no-print" aria-label={`${may('set_aims') ? words.enter : words.values}: ${text(one.title)}`} onClick={() => setEntering(true)}>{may('set_aims') ? words.enter : words.values}</button>
        {entering && <Values one={one} onSaved={(sentence) => { setEntering(false); onSaved(sentence); }} onClose={() => setEntering(false)} />}
      </td>
      <td className="n">{first ? <>{number(first.value)}<br /><span className="quiet nowrap">{format.day(first.on)}</span></> : words.none}</td>
      <td className="n">
        {one.current === null ? <span className="quiet">{words.none}</span> : figure === undefined ? number(one.current.value) : <button type="button" className="figure-number" aria-label={`${words.openProof(text(one.title))} ${number(one.current.value)}`} onClick={() => setOpen(true)}>{number(one.current.value)}</button>}
        {one.current !== null && <><br /><span className="quiet nowrap" title={words.source(one.current.source)}>{format.day(one.current.on)}</span></>}
        {near.map((peer) => <p key={peer.city} className="peer" title={words.source(peer.point.source)}><span data-of-the-city>{peer.city}</span> {number(peer.point.value)}</p>)}
        {open && figure !== undefined && <FigurePanel name={figure} division={session?.city.id ?? ''} onClose={() => setOpen(false)} />}
      </td>
      <td>{one.due !== null && <>{number(one.due.value)} <span className="quiet nowrap">{format.day(one.due.on)}</span><br /><Mark tone={one.on_track === true ? 'good' : 'bad'}>{one.on_track === true ? words.onTrack : words.behind}</Mark></>}</td>
      <td className="n">{number(one.target.value)}<br /><span className="quiet nowrap">{format.day(one.target.on)}</span></td>
      <td>
        {one.forecast !== null && forecast !== null && <span title={`${text(one.forecast.method)}${forecast.cut ? ` ${words.forecastCut}` : ''}`}><strong>{number(forecast.value)}</strong> <span className="quiet nowrap">{words.forecastRange(number(forecast.low), number(forecast.high))}</span><br /><Mark tone={tones[one.forecast.outlook] ?? 'open'}>{outlooks[one.forecast.outlook]}</Mark></span>}
        {(one.notes ?? []).map((note) => <p key={note.zh} className="quiet aim-note">{text(note)}</p>)}
      </td>
      <td><Course indicator={one} /></td>
    </tr>
  );
}
