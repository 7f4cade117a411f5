import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { LightShape, isLight } from '../../kit/light';
import { en as kitEn } from '../../words/kit.en';
import { zh as kitZh } from '../../words/kit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { filterNames, type Filter, type FilterName } from './filter';
import { useProjectLists } from './lists';

const lists: Partial<Record<FilterName, string>> = { programme: 'programmes', sector: 'sectors', zone: 'zones', origin: 'origins', function: 'functions', stage: 'stages', light: 'lights' };

/** The nouns that a filter may name, by name. */
export function useNouns(path: '/api/platforms' | '/api/organisations' | '/api/agreements') {
  const { asOf } = useMoment();
  return useQuery({ queryKey: [path, asOf], queryFn: () => take(api.GET(path, { params: { query: { as_of: asOf } } })), staleTime: 300_000 });
}

/** Chooses conditions; each shows at once as a chip. */
export function Filters({ filter, onChange }: { filter: Filter; onChange: (change: Filter) => void }) {
  const words = useWords(zh, en);
  const { options } = useProjectLists();
  const platforms = useNouns('/api/platforms').data?.rows ?? [];
  const organisations = useNouns('/api/organisations').data?.rows ?? [];
  const named: Partial<Record<FilterName, [string, string][]>> = {
    platform: [['none', words.noPlatform], ...platforms.filter((row) => row.platform?.kind !== 'corridor').map((row): [string, string] => [row.id, row.platform?.name ?? ''])],
    organisation: organisations.map((row) => [row.id, row.organisation?.name ?? '']),
  };
  return (
    <div className="filters project-filters" role="group" aria-label={words.filter}>
      <Words value={filter.q ?? ''} onChange={(q) => onChange({ q })} />
      {(['platform', 'function', 'origin', 'sector', 'zone', 'organisation', 'programme', 'stage', 'light'] as const).map((name) => {
        const list = named[name] ?? [...options(lists[name] ?? ''), ...(name === 'stage' ? [['unstated', words.unstated] as [string, string]] : [])];
        return (
          <Select
            key={name} allowClear showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={false} placeholder={words[name]} aria-label={words[name]} value={filter[name] ?? null}
            options={list.map(([value, label]) => ({ value, label }))}
            onChange={(chosen: string | null) => onChange({ [name]: chosen ?? '' })}
          />
        );
      })}
    </div>
  );
}

/** Words are asked for when one stops typing. */
function Words({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const words = useWords(zh, en);
  const [typed, setTyped] = useState(value);
  const [was, setWas] = useState(value);
  if (was !== value) {
    setWas(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return undefined;
    const later = setTimeout(() => onChange(typed), 300);
    return () => clearTimeout(later);
  }, [typed, value, onChange]);
  return <Input allowClear className="project-words" placeholder={words.search} aria-label={words.search} value={typed} onChange={(event) => setTyped(event.target.value)} />;
}

/** The filter in words, each condition with a way to take it away. */
export function Chips({ filter, onChange }: { filter: Filter; onChange: (change: Filter) => void }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZh, kitEn);
  const { title } = useProjectLists();
  const platforms = useNouns('/api/platforms').data?.rows ?? [];
  const organisations = useNouns('/api/organisations').data?.rows ?? [];
  const said = (name: FilterName, value: string): string => {
    if (name === 'q') return `${words.search}: ${value}`;
    if (name === 'platform') return value === 'none' ? words.noPlatform : (platforms.find((row) => row.id === value)?.platform?.name ?? '');
    if (name === 'organisation') return organisations.find((row) => row.id === value)?.organisation?.name ?? '';
    if (name === 'light' && isLight(value)) return kit.lights[value];
    if (value === 'unstated') return `${words.stage}: ${words.unstated}`;
    return title(lists[name] ?? '', value);
  };
  const set = filterNames.filter((name) => filter[name]);
  if (set.length === 0) return <div className="chips" />;
  return (
    <div className="chips">
      {set.map((name) => {
        const value = filter[name] ?? '';
        const what = said(name, value);
        return <Button key={name} size="small" aria-label={words.clear(what)} onClick={() => onChange({ [name]: '' })}>{name === 'light' && isLight(value) && <LightShape light={value} />} {what} <span aria-hidden="true">×</span></Button>;
      })}
      {set.length > 1 && <Button size="small" type="link" onClick={() => onChange(Object.fromEntries(filterNames.map((name) => [name, ''])))}>{words.clearAll}</Button>}
    </div>
  );
}
