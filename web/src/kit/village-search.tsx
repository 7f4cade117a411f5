import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue, useState } from 'react';

import { api, take } from '../api/client';
import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';
import { Field } from './field';
import { ProblemMessage } from './problem';

/** Chooses a village of the whole city by its name or pinyin. */
export function VillageSearch({ label, value, onChange }: { label: string; value: string; onChange: (village: string) => void }) {
  const words = useWords(zh, en);
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ['villages', asked],
    queryFn: () => take(api.GET('/api/search/villages', { params: { query: { q: asked, limit: 12 } } })),
    enabled: asked !== '',
    staleTime: Infinity,
  });
  const villages = found.data?.divisions ?? [];
  return (
    <div className="village-search">
      <Field label={label} help={words.villageHelp}><Input value={typed} autoComplete="off" onChange={(event) => { setTyped(event.target.value); onChange(''); }} /></Field>
      {found.isError && <ProblemMessage error={found.error} />}
      {found.isSuccess && villages.length === 0 && <p role="status">{words.villageNone}</p>}
      {villages.length > 0 && (
        <div role="radiogroup" aria-label={label}>
          {villages.map((village) => (
            <label key={village.id} className="village" data-of-the-city><input type="radio" name="village" checked={value === village.id} onChange={() => onChange(village.id)} /> {village.path}</label>
          ))}
        </div>
      )}
    </div>
  );
}
