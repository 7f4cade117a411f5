import { Checkbox } from 'antd';

import { api, take, type Schemas } from '../../../api/client';
import { newId } from '../../../api/id';
import { useMoment } from '../../../app/moment';
import { DivisionPicker } from '../../../kit/division-picker';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { useProjectLists } from '../lists';
import { AmountInput, CodeField, DayField, NounSelect, NounsField, NumberField, Rows, TextField, useTitles, wrongFen, wrongNumber } from './fields';
import { laid, type Change } from './merge';
import { NounPanel, type Held, type Keeper } from './noun-panel';

type Project = Schemas['PortfolioProject'];
type Origin = NonNullable<Project['origin']>;

function keeperOf(id: string, asOf: string): Keeper<Project> {
  return {
    noun: 'projects', id,
    save: (document, version, about) => take(api.PUT('/api/projects/{id}', { params: { path: { id }, header: version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` } }, body: { ...about, document } })),
    read: async () => {
      const view = await take(api.GET('/api/projects/{id}', { params: { path: { id }, query: { as_of: asOf } } }));
      return { document: view.document, version: view.version };
    },
  };
}

/** Whether something of a project cannot be saved as it is typed. */
function wrong(document: Project): boolean {
  const filled = (text: string | undefined) => (text ?? '').trim() !== '';
  return !filled(document.name)
    || wrongNumber(document.origin?.jobs_moved)
    || (document.parties ?? []).some((party) => party.organisation === '' || party.role === '')
    || (document.phases ?? []).some((phase) => wrongNumber(phase.number) || phase.number < 1)
    || (document.milestones ?? []).some((milestone) => !filled(milestone.title) || milestone.due === '')
    || (document.plan ?? []).some((one) => wrongFen(one.amount_fen) || wrongNumber(one.year) || one.year < 1900 || one.year > 2199);
}

/** Everything that is written of a project, to be entered or changed. */
export function ProjectEditor({ id, held, onSaved, onClose }: { id: string; held: Held<Project>; onSaved: (saved: Schemas['NounSavedOutputBody']) => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const t = useTitles();
  const { home, asOf } = useMoment();
  const { options } = useProjectLists();
  return (
    <NounPanel title={held.version === 0 ? words.newProject : words.change(held.document.name)} keeper={keeperOf(id, asOf)} held={held} wrong={wrong} onSaved={onSaved} onClose={onClose}>
      {(document, set) => {
        const origin: Origin = document.origin ?? {};
        const setOrigin = (change: Change<Origin>) => {
          const next = laid(origin, change);
          set({ origin: Object.keys(next).length === 0 ? undefined : next });
        };
        return (
          <>
            <TextField label={t.name} value={document.name} error={document.name === '' ? words.needed : undefined} onChange={(name) => set({ name: name ?? '' })} />
            <div className="pair-fields">
              <TextField label={t.number} value={document.number} onChange={(number) => set({ number })} />
              <div className="field"><span className="field-label">{t.division}</span><DivisionPicker value={String(document.division)} home={home} asOf={asOf} label={t.division} onChange={(division) => set({ division: Number(division) })} /></div>
              <CodeField label={t.programme} list="programmes" value={document.programme} onChange={(programme) => set({ programme })} />
              <CodeField label={t.sector} list="sectors" value={document.sector} onChange={(sector) => set({ sector })} />
              <CodeField label={t.zone} list="zones" value={document.zone} onChange={(zone) => set({ zone })} />
              <DayField label={t.start_planned} value={document.start_planned} onChange={(day) => set({ start_planned: day })} />
              <DayField label={t.finish_planned} value={document.finish_planned} onChange={(day) => set({ finish_planned: day })} />
            </div>
            <fieldset>
              <legend>{t.origin}</legend>
              <div className="pair-fields">
                <CodeField label={t.city} list="origins" value={origin.city} onChange={(city) => setOrigin({ city })} />
                <TextField label={t.district} value={origin.district} onChange={(district) => setOrigin({ district })} />
                <TextField label={t.enterprise} value={origin.enterprise} onChange={(enterprise) => setOrigin({ enterprise })} />
                <CodeField label={t.function} list="functions" value={origin.function} onChange={(next) => setOrigin({ function: next })} />
                <NumberField label={t.jobs_moved} value={origin.jobs_moved} onChange={(jobs) => setOrigin({ jobs_moved: jobs })} />
              </div>
            </fieldset>
            <Rows<Schemas['PortfolioParty']>
              title={t.parties} columns={[t.organisation, t.role]} rows={document.parties ?? []} empty={() => ({ organisation: '', role: 'owner' })} onChange={(parties) => set({ parties })}
              draw={(row, change, label) => [
                <NounSelect key="o" kind="organisation" label={label(t.organisation)} value={row.organisation === '' ? undefined : row.organisation} onChange={(organisation) => change({ organisation: organisation ?? '' })} />,
                <Code key="r" label={label(t.role)} options={options('roles')} value={row.role} onChange={(role) => change({ role })} />,
              ]}
            />
            <NounsField label={t.platforms} kind="platform" value={document.platforms} onChange={(platforms) => set({ platforms })} />
            <NounsField label={t.agreements} kind="agreement" value={document.agreements} onChange={(agreements) => set({ agreements })} />
            <Rows<Schemas['PortfolioPhase']>
              title={t.phases} columns={[t.number_of, t.name, t.start_planned, t.finish_planned]} rows={document.phases ?? []} empty={() => ({ number: Math.max(0, ...(document.phases ?? []).map((phase) => phase.number)) + 1 })} onChange={(phases) => set({ phases })}
              draw={(row, change, label) => [
                <input key="n" className="number short" inputMode="numeric" aria-label={label(t.number_of)} defaultValue={row.number} onChange={(event) => change({ number: Number(event.target.value) })} />,
                <input key="m" aria-label={label(t.name)} defaultValue={row.name ?? ''} onChange={(event) => change({ name: event.target.value === '' ? undefined : event.target.value })} />,
                <Day key="s" label={label(t.start_planned)} value={row.start_planned} onChange={(day) => change({ start_planned: day })} />,
                <Day key="f" label={label(t.finish_planned)} value={row.finish_planned} onChange={(day) => change({ finish_planned: day })} />,
              ]}
            />
            <Rows<Schemas['PortfolioMilestone']>
              title={t.milestones} columns={[t.title, t.phase, t.due, t.met]} rows={document.milestones ?? []} empty={() => ({ id: newId(), title: '', due: '' })} onChange={(milestones) => set({ milestones })}
              draw={(row, change, label) => [
                <input key="t" aria-label={label(t.title)} defaultValue={row.title} onChange={(event) => change({ title: event.target.value })} />,
                <Code key="p" label={label(t.phase)} options={[['', words.unstated], ...(document.phases ?? []).map((phase): [string, string] => [String(phase.number), phase.name ?? String(phase.number)])]} value={row.phase === undefined ? '' : String(row.phase)} onChange={(phase) => change({ phase: phase === '' ? undefined : Number(phase) })} />,
                <Day key="d" label={label(t.due)} value={row.due} onChange={(day) => change({ due: day ?? '' })} />,
                <Day key="m" label={label(t.met)} value={row.met} onChange={(day) => change({ met: day })} />,
              ]}
            />
            <Rows<Schemas['PortfolioAllocation']>
              title={t.plan} columns={[t.year, t.source, words.inHundredM(t.amount_fen), t.revised]} rows={document.plan ?? []} empty={() => ({ year: Number(asOf.slice(0, 4)), amount_fen: Number.NaN })} onChange={(plan) => set({ plan })}
              draw={(row, change, label) => [
                <input key="y" className="number short" inputMode="numeric" aria-label={label(t.year)} defaultValue={row.year} onChange={(event) => change({ year: Number(event.target.value) })} />,
                <Code key="s" label={label(t.source)} options={[['', words.unstated], ...options('sources')]} value={row.source ?? ''} onChange={(source) => change({ source: source === '' ? undefined : source })} />,
                <AmountInput key="a" label={label(t.amount_fen)} value={Number.isNaN(row.amount_fen) ? undefined : row.amount_fen} onChange={(fen) => change({ amount_fen: fen ?? Number.NaN })} />,
                <Checkbox key="r" aria-label={label(t.revised)} checked={row.revised === true} onChange={(event) => change({ revised: event.target.checked })} />,
              ]}
            />
          </>
        );
      }}
    </NounPanel>
  );
}

function Day({ label, value, onChange }: { label: string; value: string | undefined; onChange: (day: string | undefined) => void }) {
  return <input type="date" aria-label={label} value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />;
}

function Code({ label, options, value, onChange }: { label: string; options: [string, string][]; value: string; onChange: (code: string) => void }) {
  return <select className="choice" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>{options.map(([code, title]) => <option key={code} value={code}>{title}</option>)}</select>;
}
