import { Checkbox } from 'antd';

import { api, take, type Schemas } from '../../../api/client';
import { useMoment } from '../../../app/moment';
import { DivisionPicker } from '../../../kit/division-picker';
import { Field } from '../../../kit/field';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { useProjectLists } from '../lists';
import { AmountInput, CodeField, DayField, NounSelect, NumberField, Rows, TextField, useTitles, wrongFen, wrongNumber } from './fields';
import { NounPanel, type Held, type Keeper } from './noun-panel';

type Agreement = Schemas['PortfolioAgreement'];

function keeperOf(id: string, asOf: string): Keeper<Agreement> {
  return {
    noun: 'agreements', id,
    save: (document, version, about) => take(api.PUT('/api/agreements/{id}', { params: { path: { id }, header: version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` } }, body: { ...about, document } })),
    read: async () => {
      const view = await take(api.GET('/api/agreements/{id}', { params: { path: { id }, query: { as_of: asOf } } }));
      if (!view.agreement) throw new Error('an agreement without its document');
      return { document: view.agreement, version: view.version };
    },
  };
}

function wrong(document: Agreement): boolean {
  return document.name.trim() === '' || document.kind === '' || wrongNumber(document.stated_projects) || (document.amount_fen !== undefined && wrongFen(document.amount_fen))
    || (document.parties ?? []).some((party) => party.organisation === '' || party.role === '') || (document.terminated !== undefined && (document.reason ?? '').trim() === '');
}

/** Everything that is written of an agreement, to be entered or changed. */
export function AgreementEditor({ id, held, onSaved, onClose }: { id: string; held: Held<Agreement>; onSaved: (saved: Schemas['NounSavedOutputBody']) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const t = useTitles();
  const { home, asOf } = useMoment();
  const { options } = useProjectLists();
  return (
    <NounPanel title={held.version === 0 ? words.newAgreement : words.change(held.document.name)} keeper={keeperOf(id, asOf)} held={held} wrong={wrong} onSaved={onSaved} onClose={onClose}>
      {(document, set) => (
        <>
          <TextField label={t.name} value={document.name} error={document.name === '' ? words.needed : undefined} onChange={(name) => set({ name: name ?? '' })} />
          <div className="pair-fields">
            <CodeField label={t.kind} list="agreements" needed value={document.kind} onChange={(kind) => set({ kind: kind ?? '' })} />
            <div className="field"><span className="field-label">{t.division}</span><DivisionPicker value={String(document.division)} home={home} asOf={asOf} label={t.division} onChange={(division) => set({ division: Number(division) })} /></div>
            <DayField label={t.signed} value={document.signed} onChange={(signed) => set({ signed })} />
            <div className="field"><Checkbox checked={document.no_later_than === true} onChange={(event) => set({ no_later_than: event.target.checked })}>{t.no_later_than}</Checkbox></div>
            <TextField label={t.occasion} value={document.occasion} onChange={(occasion) => set({ occasion })} />
            <Field label={words.inHundredM(t.amount_fen)} error={wrongFen(document.amount_fen ?? undefined) ? words.amountWrong : undefined}><AmountInput value={document.amount_fen} onChange={(fen) => set({ amount_fen: fen })} /></Field>
            <CodeField label={t.basis} list="bases" value={document.basis} onChange={(basis) => set({ basis })} />
            <NumberField label={t.stated_projects} value={document.stated_projects} onChange={(count) => set({ stated_projects: count })} />
          </div>
          <Rows<Schemas['PortfolioParty']>
            title={t.parties} columns={[t.organisation, t.role]} rows={document.parties ?? []} empty={() => ({ organisation: '', role: 'investor' })} onChange={(parties) => set({ parties })}
            draw={(row, change, label) => [
              <NounSelect key="o" kind="organisation" label={label(t.organisation)} value={row.organisation === '' ? undefined : row.organisation} onChange={(organisation) => change({ organisation: organisation ?? '' })} />,
              <select key="r" className="choice" aria-label={label(t.role)} value={row.role} onChange={(event) => change({ role: event.target.value })}>{options('roles').map(([code, title]) => <option key={code} value={code}>{title}</option>)}</select>,
            ]}
          />
          <div className="pair-fields">
            <DayField label={t.terminated} value={document.terminated} onChange={(terminated) => set({ terminated })} />
            <TextField label={t.reason} value={document.reason} error={document.terminated !== undefined && (document.reason ?? '').trim() === '' ? words.terminatedWhy : undefined} onChange={(reason) => set({ reason })} />
          </div>
        </>
      )}
    </NounPanel>
  );
}
