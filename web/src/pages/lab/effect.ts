import { useEffect, useRef, useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { asked, written, type Moves } from './moves';

export interface Question {
  criteria: string;
  asOf: string;
  division: string;
  by: string;
  /** the level of the map; empty for none */
  map: string;
  price: number;
}

/** How many points on either side of the cut are borderline: a visit that takes one part for another moves as much. */
export const band = 5;

export interface Answer {
  totals: Schemas['TotalsOutputBody'];
  /** what was moved when it was asked, as in the address */
  moves: string;
  of: string;
}

/** A request that takes longer than this no longer belongs to the hand on the slider. */
const patience = 1000;

/**
 * What the moves do, asked while they are made: one request is under way at a time, and when it is answered the newest moves are asked for, those
 * between never. So something new is drawn as often as the server can answer, and the last answer is always that of where the hand stopped. A request
 * that is slow, or about another document, day or place, is broken off.
 */
export function useWhatIf(question: Question, moves: Moves) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const wanted = useRef<{ question: Question; moves: Moves } | null>(null);
  const running = useRef<{ control: AbortController; began: number; of: string } | null>(null);
  const [again, setAgain] = useState(0);
  const of = JSON.stringify(question);
  const word = written(moves);

  useEffect(() => {
    const ask = async () => {
      const next = wanted.current;
      if (next === null || running.current !== null) return;
      wanted.current = null;
      const mine = { control: new AbortController(), began: performance.now(), of: JSON.stringify(next.question) };
      running.current = mine;
      const q = next.question;
      try {
        const body = { criteria: q.criteria, as_of: q.asOf, division: q.division, by: q.by, band, ...(q.map === '' ? {} : { map: q.map }), ...(q.price > 0 ? { price_per_person: q.price } : {}), ...asked(next.moves) };
        const totals = await take(api.POST('/api/what-if', { body, signal: mine.control.signal }));
        if (running.current === mine) {
          setAnswer({ totals, moves: written(next.moves), of: mine.of });
          setError(null);
        }
      } catch (wrong) {
        if (running.current === mine && !mine.control.signal.aborted) setError(wrong);
      }
      if (running.current !== mine) return;
      running.current = null;
      void ask();
    };
    if (question.criteria === '' || question.division === '' || question.by === '') return;
    wanted.current = { question, moves };
    const now = running.current;
    if (now !== null && (now.of !== of || performance.now() - now.began > patience)) {
      now.control.abort();
      running.current = null;
    }
    void ask();
    // the words stand for what they say
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [of, word, again]);

  useEffect(() => () => running.current?.control.abort(), []);
  const now = answer !== null && answer.of === of ? answer : null;
  return { answer: now, asking: error === null && now?.moves !== word, error, retry: () => setAgain((n) => n + 1) };
}

/** later is a value as it was when it had not changed for a while: what the hand let go of. */
export function useLater<T>(value: T, wait: number): T {
  const [kept, setKept] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setKept(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return kept;
}
