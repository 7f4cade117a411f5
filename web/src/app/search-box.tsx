import { useNavigate } from '@tanstack/react-router';
import { Input, type InputRef } from 'antd';
import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { ProblemMessage } from '../kit/problem';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import { IdentitySearch } from './identity-search';
import { useMoment } from './moment';
import { useFound, type Found } from './search';
import { useMay } from './session';

/** Finds people, households, places and projects by the beginning of a name, its pinyin or initials, or a number. The key / leads here from everywhere. */
export function SearchBox() {
  const words = useWords(zh, en);
  const box = useRef<InputRef>(null);
  const navigate = useNavigate();
  const moment = useMoment();
  const may = useMay();
  const mayShow = may('show_sensitive');
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  const [identity, setIdentity] = useState(false);
  const asked = useDeferredValue(typed.trim());
  const hits = useFound(open ? asked : '');
  const found = hits.found;

  useEffect(() => {
    const slash = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);

  const away = () => {
    setOpen(false);
    setTyped('');
  };
  const toHousehold = (household: string) => {
    away();
    void navigate({ to: '/register/$household', params: { household } });
  };
  const go = (to: Found | undefined) => {
    if (to === undefined) return;
    if (to.kind === 'household') { toHousehold(to.id); return; }
    away();
    if (to.kind === 'division') return void navigate({ to: may('read_records') ? '/register' : '.', search: { as_of: moment.asOf, division: to.id } } as unknown as Parameters<typeof navigate>[0]);
    void navigate({ to: '/projects/$project', params: { project: to.id } } as unknown as Parameters<typeof navigate>[0]);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setMarked(Math.min(marked + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setMarked(Math.max(marked - 1, 0));
    else if (event.key === 'Enter') go(found[marked]);
    else if (event.key === 'Escape') setOpen(false);
    else return;
    event.preventDefault();
  };
  const listed = open && asked !== '';
  return (
    <div className="search" role="search" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <Input
        ref={box}
        value={typed}
        placeholder={words.searchHint}
        aria-label={words.search}
        role="combobox"
        aria-expanded={listed}
        aria-controls="search-hits"
        aria-activedescendant={listed && found.length > 0 ? `search-hit-${marked}` : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          setMarked(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={keys}
      />
      {listed && (
        <div className="search-hits">
          {hits.error !== null && <ProblemMessage error={hits.error} />}
          {hits.settled && found.length === 0 && <p className="quiet" role="status">{words.searchNone(asked)}</p>}
          <ul id="search-hits" role="listbox" aria-label={words.search} data-of-the-city>
            {found.map((hit, index) => (
              <li key={hit.kind + hit.id + hit.name} id={`search-hit-${index}`} role="option" aria-selected={index === marked} onMouseDown={(event) => event.preventDefault()} onClick={() => go(hit)}>
                <span className="search-kind quiet">{words.searchKinds[hit.kind]}</span> <strong>{hit.name}</strong> <span>{hit.where}</span> <span className="quiet n">{hit.number}</span>
              </li>
            ))}
          </ul>
          {mayShow && <button type="button" className="link" onClick={() => setIdentity(true)}>{words.searchIdentity}</button>}
        </div>
      )}
      {identity && <IdentitySearch onClose={() => setIdentity(false)} onFound={toHousehold} />}
    </div>
  );
}
