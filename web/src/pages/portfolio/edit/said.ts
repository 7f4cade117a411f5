import type { Schemas } from '../../../api/client';
import { useMoment } from '../../../app/moment';
import { useDivision } from '../../../kit/division-picker';
import { useFormat } from '../../../kit/format';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { useNouns } from '../filters';
import { useProjectLists } from '../lists';

const lists: Record<string, string> = { programme: 'programmes', sector: 'sectors', zone: 'zones', basis: 'bases', source: 'sources', role: 'roles', function: 'functions', city: 'origins' };

/** The names of organisations, agreements and platforms by id, as far as the reader may see them. */
export function useNames(): (id: string) => string {
  const organisations = useNouns('/api/organisations').data?.rows ?? [];
  const platforms = useNouns('/api/platforms').data?.rows ?? [];
  const agreements = useNouns('/api/agreements').data?.rows ?? [];
  const all = [...organisations, ...platforms, ...agreements];
  return (id) => {
    const found = all.find((row) => row.id === id);
    return found?.organisation?.name ?? found?.platform?.name ?? found?.agreement?.name ?? '';
  };
}

/** An answer of a document in words, for the choice between two of them. */
export function useSaid(noun: 'organisations' | 'agreements' | 'platforms' | 'projects', division: string): (field: string, value: unknown) => string {
  const words = useWords(zh, en);
  const fields: Record<string, string> = words.fields;
  const format = useFormat();
  const { title } = useProjectLists();
  const nameOf = useNames();
  const { asOf } = useMoment();
  const place = useDivision(division, asOf);
  const said = (field: string, value: unknown): string => {
    if (value === undefined || value === null || value === '') return words.nothing;
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (Array.isArray(value)) return value.length === 0 ? words.nothing : format.list(value.map((one) => said(field, one)));
    if (typeof value === 'object') {
      return Object.entries(value as Record<string, unknown>).filter(([name]) => name !== 'id').map(([name, one]) => (name === 'organisation' ? said(name, one) : `${fields[name] ?? name} ${said(name, one)}`)).join(' ');
    }
    if (typeof value === 'number' && field === 'division') return String(value) === division ? (place.data?.name ?? division) : String(value);
    if (typeof value === 'number') return field.endsWith('_fen') ? `${format.amount(value)} ${format.amountUnit}` : field === 'year' ? String(value) : format.number(value);
    const text = value as string;
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return format.day(text);
    if (field === 'kind') return title(noun, text);
    return lists[field] ? title(lists[field], text) : nameOf(text) || text;
  };
  return said;
}

export type Document = Schemas['PortfolioProject'] | Schemas['PortfolioOrganisation'] | Schemas['PortfolioAgreement'] | Schemas['PortfolioPlatform'];
