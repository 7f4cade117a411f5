import { useQuery } from '@tanstack/react-query';
import { Button, Popover } from 'antd';
import { useState } from 'react';

import { api, take } from '../api/client';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import { ProblemMessage } from './problem';
import { Waiting } from './waiting';

/** A division and those below it, as of a day. */
export function useDivision(division: string, asOf: string) {
  return useQuery({
    queryKey: ['division', division, asOf],
    queryFn: () => take(api.GET('/api/divisions/{division}', { params: { path: { division }, query: { as_of: asOf } } })),
    enabled: division !== '' && asOf !== '',
    staleTime: Infinity,
  });
}

/** Chooses a division step by step, from where one is: up, one below, or this one whole. */
export function DivisionPicker({ value, home, asOf, label, onChange }: { value: string; home: string; asOf: string; label: string; onChange: (division: string) => void }) {
  const words = useWords(zh, en);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState<string | null>(null);
  const chosen = useDivision(value, asOf);
  const shown = useDivision(at ?? value, asOf);
  const view = shown.data;
  const choose = (division: string) => {
    onChange(division);
    setAt(null);
    setOpen(false);
  };
  const up = view && view.id !== home ? parentOf(view.id, view.level) : null;
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setAt(null);
      }}
      trigger="click"
      placement="bottomLeft"
      getPopupContainer={(button) => button.closest('dialog') ?? document.body} // nothing lies above an open dialog but what is in it
      content={
        <div className="picker" role="dialog" aria-label={words.placeChoose} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
          {shown.isError && <ProblemMessage error={shown.error} />}
          {shown.isPending && <Waiting lines={3} height={160} />}
          {view && (
            <>
              <div className="picker-head">
                {up !== null && <Button size="small" onClick={() => setAt(up)}>{words.placeUp}</Button>}
                <Button size="small" type="primary" autoFocus onClick={() => choose(view.id)}>{words.placeAll(view.name)}</Button>
              </div>
              {(view.children ?? []).length === 0 && <p className="quiet">{words.placeNone}</p>}
              <ul className="picker-list">
                {(view.children ?? []).map((child) => (
                  <li key={child.id}>
                    <Button type="text" size="small" onClick={() => (view.level === 'township' ? choose(child.id) : setAt(child.id))}>{child.name}</Button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      }
    >
      <Button className="picker-button" aria-label={`${label} ${chosen.data?.name ?? ''}`} aria-expanded={open}>
        {chosen.data?.name ?? '…'} <span aria-hidden="true">▾</span>
      </Button>
    </Popover>
  );
}

/** The division above one of a level: ids are the twelve digits of the code when it was given, from the city down. */
function parentOf(id: string, level: string): string {
  const kept = { county: 4, township: 6, village: 9 }[level] ?? 0;
  return id.slice(0, kept).padEnd(12, '0');
}
