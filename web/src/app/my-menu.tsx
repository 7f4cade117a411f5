import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Popover, Segmented } from 'antd';
import { useState } from 'react';

import { api, take } from '../api/client';
import { setMoneyUnit, useMoneyUnit, type MoneyUnit } from '../kit/format';
import { en as kitEn } from '../words/kit.en';
import { zh as kitZh } from '../words/kit.zh';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { setLanguage, useLanguage, useText, useWords, type Language } from '../words/words';
import { setTextSize, useTextSize, type TextSize } from './preferences';
import { sessionKey, useEntered, useSession } from './session';

const languages: { value: Language; label: string }[] = [
  { value: 'zh', label: '\u4e2d\u6587' }, // each language is named in itself
  { value: 'en', label: 'English' },
];

/** Who I am, how I read, and the way out. */
export function MyMenu() {
  const words = useWords(zh, en);
  const [open, setOpen] = useState(false);
  const session = useSession();
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" content={<Mine close={() => setOpen(false)} />}>
      <Button aria-label={`${words.me} ${session?.name ?? ''}`} aria-expanded={open}>
        {words.me} <span aria-hidden="true">▾</span>
      </Button>
    </Popover>
  );
}

function Mine({ close }: { close: () => void }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZh, kitEn);
  const text = useText();
  const language = useLanguage();
  const size = useTextSize();
  const unit = useMoneyUnit();
  const session = useSession();
  const client = useQueryClient();
  const entered = useEntered();
  const grants = session?.grants ?? [];
  const actAs = async (role: string, territory: string) => {
    client.setQueryData(sessionKey, await take(api.PUT('/api/session/acting', { body: { role, territory } })));
    await client.resetQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
  };
  const leave = async () => {
    await take(api.DELETE('/api/session'));
    close();
    await entered(null);
  };
  return (
    <div className="mine" role="dialog" aria-label={words.me} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <p><strong>{session?.name}</strong></p>
      {grants.length > 1 ? (
        <fieldset>
          <legend>{words.actAs}</legend>
          <label><input type="radio" name="acting" checked={session?.acting === undefined} onChange={() => void actAs('', '')} /> {words.actAll}</label>
          {grants.map((grant) => (
            <label key={grant.role + grant.territory.id}>
              <input type="radio" name="acting" checked={session?.acting?.role === grant.role && session.acting.territory.id === grant.territory.id} onChange={() => void actAs(grant.role, grant.territory.id)} />{' '}
              {grant.territory.name} {text(grant.title)}
            </label>
          ))}
        </fieldset>
      ) : (
        grants[0] && <p className="quiet">{grants[0].territory.name} {text(grants[0].title)}</p>
      )}
      <p className="mine-row"><span>{words.language}</span><Segmented<Language> aria-label={words.language} value={language} options={languages} onChange={setLanguage} /></p>
      <p className="mine-row"><span>{words.textSize}</span>
        <Segmented<TextSize> aria-label={words.textSize} value={size} onChange={setTextSize} options={(['normal', 'large', 'larger'] as const).map((value) => ({ value, label: words.textSizes[value] }))} />
      </p>
      <p className="mine-row"><span>{words.moneyUnit}</span>
        <Segmented<MoneyUnit> aria-label={words.moneyUnit} value={unit} onChange={setMoneyUnit} options={(['yuan', 'wan', 'yi'] as const).map((value) => ({ value, label: kit.moneyUnits[value] }))} />
      </p>
      <p className="mine-row">
        <Link to="/me" onClick={close}>{words.account}</Link>
        <Button onClick={() => void leave()}>{words.leave}</Button>
      </p>
    </div>
  );
}
