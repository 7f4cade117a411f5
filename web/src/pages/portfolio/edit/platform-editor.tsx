import { api, take, type Schemas } from '../../../api/client';
import { useMoment } from '../../../app/moment';
import { DivisionPicker } from '../../../kit/division-picker';
import { Field } from '../../../kit/field';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { AmountInput, CodeField, TextField, useTitles, wrongFen } from './fields';
import { NounPanel, type Held, type Keeper } from './noun-panel';

type Platform = Schemas['PortfolioPlatform'];

function keeperOf(id: string, asOf: string): Keeper<Platform> {
  return {
    noun: 'platforms', id,
    save: (document, version, about) => take(api.PUT('/api/platforms/{id}', { params: { path: { id }, header: version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` } }, body: { ...about, document } })),
    read: async () => {
      const view = await take(api.GET('/api/platforms/{id}', { params: { path: { id }, query: { as_of: asOf } } }));
      if (!view.platform) throw new Error('a platform without its document');
      return { document: view.platform, version: view.version };
    },
  };
}

/** Everything that is written of a platform, to be entered or changed. */
export function PlatformEditor({ id, held, onSaved, onClose }: { id: string; held: Held<Platform>; onSaved: (saved: Schemas['NounSavedOutputBody']) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const t = useTitles();
  const { home, asOf } = useMoment();
  const wrong = (document: Platform) => document.name.trim() === '' || document.kind === '' || (document.target_fen !== undefined && wrongFen(document.target_fen));
  return (
    <NounPanel title={held.version === 0 ? words.newPlatform : words.change(held.document.name)} keeper={keeperOf(id, asOf)} held={held} wrong={wrong} onSaved={onSaved} onClose={onClose}>
      {(document, set) => (
        <>
          <TextField label={t.name} value={document.name} error={document.name === '' ? words.needed : undefined} onChange={(name) => set({ name: name ?? '' })} />
          <div className="pair-fields">
            <CodeField label={t.kind} list="platforms" needed value={document.kind} onChange={(kind) => set({ kind: kind ?? '' })} />
            <div className="field"><span className="field-label">{t.division}</span><DivisionPicker value={String(document.division)} home={home} asOf={asOf} label={t.division} onChange={(division) => set({ division: Number(division) })} /></div>
            <CodeField label={t.zone} list="zones" value={document.zone} onChange={(zone) => set({ zone })} />
            {document.kind === 'corridor'
              ? <TextField label={t.corridor} value={document.corridor} onChange={(corridor) => set({ corridor })} />
              : <Field label={words.inHundredM(t.target_fen)} error={wrongFen(document.target_fen ?? undefined) ? words.amountWrong : undefined}><AmountInput value={document.target_fen} onChange={(fen) => set({ target_fen: fen })} /></Field>}
          </div>
        </>
      )}
    </NounPanel>
  );
}
