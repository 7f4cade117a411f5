import { api, take, type Schemas } from '../../../api/client';
import { useMoment } from '../../../app/moment';
import { DivisionPicker } from '../../../kit/division-picker';
import { Field } from '../../../kit/field';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { CodeField, NounSelect, TextField, useTitles } from './fields';
import { NounPanel, type Held, type Keeper } from './noun-panel';

type Organisation = Schemas['PortfolioOrganisation'];

function keeperOf(id: string, asOf: string): Keeper<Organisation> {
  return {
    noun: 'organisations', id,
    save: (document, version, about) => take(api.PUT('/api/organisations/{id}', { params: { path: { id }, header: version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` } }, body: { ...about, document } })),
    read: async () => {
      const view = await take(api.GET('/api/organisations/{id}', { params: { path: { id }, query: { as_of: asOf } } }));
      if (!view.organisation) throw new Error('an organisation without its document');
      return { document: view.organisation, version: view.version };
    },
  };
}

/** Everything that is written of an organisation, to be entered or changed. */
export function OrganisationEditor({ id, held, onSaved, onClose }: { id: string; held: Held<Organisation>; onSaved: (saved: Schemas['NounSavedOutputBody']) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const t = useTitles();
  const { home, asOf } = useMoment();
  return (
    <NounPanel title={held.version === 0 ? words.newOrganisation : words.change(held.document.name)} keeper={keeperOf(id, asOf)} held={held} wrong={(document) => document.name.trim() === ''} onSaved={onSaved} onClose={onClose}>
      {(document, set) => (
        <>
          <TextField label={t.name} value={document.name} error={document.name === '' ? words.needed : undefined} onChange={(name) => set({ name: name ?? '' })} />
          <div className="pair-fields">
            <CodeField label={t.kind} list="organisations" value={document.kind} onChange={(kind) => set({ kind })} />
            <div className="field"><span className="field-label">{t.division}</span><DivisionPicker value={String(document.division)} home={home} asOf={asOf} label={t.division} onChange={(division) => set({ division: Number(division) })} /></div>
            <TextField label={t.credit_code} value={document.credit_code} onChange={(code) => set({ credit_code: code })} />
            <Field label={t.group}><NounSelect kind="organisation" value={document.group} onChange={(group) => set({ group })} /></Field>
          </div>
        </>
      )}
    </NounPanel>
  );
}
