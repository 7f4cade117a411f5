import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { useRouterState } from '@tanstack/react-router';

import { useSession } from '../app/session';
import { Field } from './field';
import { en } from '../words/register.en';
import { zh } from '../words/register.zh';
import { useWords } from '../words/words';

interface View {
  name: string;
  href: string;
}

const keyOf = (page: string, account: string) => `liandong.${page}.views.${account}`;

function kept(key: string): View[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]') as View[];
  } catch {
    return [];
  }
}

/** Views of a page that the account has saved in this browser. A view is an address, so it can be sent to others as well. */
export function Views({ page }: { page: string }) {
  const words = useWords(zh, en);
  const href = useRouterState({ select: (state) => state.location.href });
  const key = keyOf(page, useSession()?.account ?? '');
  const [views, setViews] = useState(() => kept(key));
  const [name, setName] = useState('');
  const [copied, setCopied] = useState(false);
  const keep = (next: View[]) => {
    localStorage.setItem(key, JSON.stringify(next));
    setViews(next);
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="views" role="dialog" aria-label={words.views}>
          {views.length === 0 && <p className="quiet">{words.viewsNone}</p>}
          <ul className="plain">
            {views.map((view) => (
              <li key={view.name}>
                <a href={view.href}>{view.name}</a>
                <Button size="small" type="text" aria-label={words.viewRemove(view.name)} onClick={() => keep(views.filter((other) => other.name !== view.name))}>×</Button>
              </li>
            ))}
          </ul>
          <form onSubmit={(event) => {
            event.preventDefault();
            keep([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), href }]);
            setName('');
          }}>
            <Field label={words.viewName}><Input value={name} onChange={(event) => setName(event.target.value)} /></Field>
            <Button htmlType="submit" disabled={name.trim() === ''}>{words.viewSave}</Button>{' '}
            <Button onClick={() => void navigator.clipboard.writeText(location.origin + href).then(() => setCopied(true), () => undefined)}>{words.viewLink}</Button>
          </form>
          {copied && <p role="status" className="quiet">{words.viewLinkDone}</p>}
        </div>
      }
    >
      <Button>{words.views} <span aria-hidden="true">▾</span></Button>
    </Popover>
  );
}
