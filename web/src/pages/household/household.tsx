import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import { api, problemOf, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useForm, useFormWords } from '../../kit/form';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { wrongWith } from './check';
import { Conflict } from './conflict';
import { useHouseholdDraft } from './draft';
import { EditBar } from './edit-bar';
import { FormView } from './form-view';
import './household.css';
import { answerAt, fieldWhere, itemsOf, patchOf, type Answer } from './record';
import { Timeline } from './timeline';

/** One household: the form as it was entered, how it came to be, and the means to change it. */
export function HouseholdPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const form = useFormWords();
  const may = useMay();
  const { asOf, setAsOf } = useMoment();
  const { household: id } = useParams({ from: '/register/$household' });
  const path = { id };
  const household = useQuery({ queryKey: ['household', id, asOf], queryFn: () => take(api.GET('/api/households/{id}', { params: { path, query: { as_of: asOf } } })), placeholderData: keepPreviousData });
  const history = useQuery({ queryKey: ['history', id], queryFn: () => take(api.GET('/api/households/{id}/history', { params: { path } })) });
  const findings = useQuery({ queryKey: ['findings', id, asOf], queryFn: () => take(api.GET('/api/households/{id}/findings', { params: { path, query: { as_of: asOf } } })) });
  const view = household.data;
  const head = view && itemsOf(view.record as Answer, 'members').find((member) => member['relation'] === 'head' || member['relation'] === 'self');
  const name = head ? answerAt(head, 'name') : undefined;
  const edit = useHouseholdDraft(id);
  return (
    <Page
      title={typeof name === 'string' ? name : words.title}
      about={view && `${view.path} · ${view.number} · ${words.persons(format.number(itemsOf(view.record as Answer, 'members').length))} · ${form.status(view.status)} ${view.since ? words.since(format.day(view.since)) : ''} · ${words.asRecorded(format.day(view.valid))}`}
      action={
        <>
          <Link to="/register" className="action-link">{words.back}</Link>
          {view && may('write_records') && edit.draft === null && <Button type="primary" onClick={() => edit.begin(view.version, view.record as Answer, asOf)}>{words.edit}</Button>}
        </>
      }
    >
      <Slider days={[...new Set((history.data?.revisions ?? []).map((revision) => revision.valid))]} asOf={asOf} onGo={setAsOf} />
      {household.isPending && <Waiting lines={16} height={600} />}
      {household.isError && <ProblemMessage error={household.error} retry={() => void household.refetch()} />}
      {view && (
        <div className="household">
          <section aria-label={words.form}><Sheet key={id} view={view} edit={edit} /></section>
          <aside>
            <section aria-labelledby="findings">
              <h2 id="findings">{words.findings}</h2>
              <Found findings={findings.data?.findings ?? null} />
            </section>
            <section aria-labelledby="history">
              <h2 id="history">{words.history}</h2>
              {history.isPending && <Waiting lines={6} />}
              <Timeline revisions={history.data?.revisions ?? []} current={view.revision} onGo={setAsOf} />
            </section>
          </aside>
        </div>
      )}
    </Page>
  );
}

/** The form, and the editing of it: drafts, refusals beside their fields, and the meeting with others' changes. */
function Sheet({ view, edit }: { view: Schemas['HouseholdView']; edit: ReturnType<typeof useHouseholdDraft> }) {
  const words = useWords(zh, en);
  const text = useText();
  const client = useQueryClient();
  const fields = useForm().data?.fields ?? [];
  const [newest, setNewest] = useState<Schemas['HouseholdView'] | null>(null);
  const { draft } = edit;
  const path = { id: view.id };
  const save = useMutation({
    mutationFn: async () => {
      if (!draft) throw new Error('nothing to save');
      const body = { valid: draft.valid, event: draft.event, source: draft.source, record: patchOf(draft.base, draft.changes) };
      return take(api.PATCH('/api/households/{id}', { params: { path, header: { 'If-Match': `"${draft.version}"` } }, body }));
    },
    onSuccess: async () => {
      edit.discard();
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'form' });
    },
    onError: async (error) => {
      if (![409, 412].includes(problemOf(error).status)) return;
      setNewest(await take(api.GET('/api/households/{id}', { params: { path, query: { as_of: draft?.valid ?? '' } } })));
    },
  });
  const refused = save.isError ? (problemOf(save.error).findings ?? []) : [];
  const wrong = Object.fromEntries(refused.map((finding) => [finding.where, text(finding.message)]));
  const anyWrong = draft !== null && Object.entries(draft.changes).some(([where, answer]) => {
    const field = fieldWhere(fields, where);
    return field !== undefined && wrongWith(field, answer, words.wrong) !== '';
  });
  return (
    <>
      {save.isSuccess && draft === null && <p role="status" className="done">{save.data.late ? words.savedLate : words.saved}</p>}
      {draft && (
        <EditBar
          draft={draft}
          wrong={anyWrong}
          saving={save.isPending}
          onChange={edit.set}
          onSave={() => save.mutate()}
          onUndo={edit.undo}
          onDiscard={() => {
            save.reset();
            setNewest(null);
            edit.discard();
          }}
        />
      )}
      {draft && newest ? (
        <Conflict draft={draft} newest={newest} onDrop={edit.drop} onGo={() => {
          edit.set({ version: newest.version, base: newest.record as Answer });
          setNewest(null);
          save.reset();
        }} />
      ) : (
        save.isError && <ProblemMessage error={save.error} />
      )}
      <FormView view={draft ? { ...view, record: draft.base } : view} editing={draft && { changes: draft.changes, asOf: draft.valid, wrong, onChange: edit.answer }} />
    </>
  );
}

function Found({ findings }: { findings: Schemas['Finding'][] | null }) {
  const words = useWords(zh, en);
  const text = useText();
  if (findings === null) return <Waiting lines={2} />;
  if (findings.length === 0) return <p className="quiet">{words.findingsNone}</p>;
  return <ul className="findings">{findings.map((finding) => <li key={finding.where + finding.kind}>{text(finding.message)}</li>)}</ul>;
}

/** Moves between the days on which something was entered, and the day asked for. */
function Slider({ days, asOf, onGo }: { days: string[]; asOf: string; onGo: (day: string) => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const stops = [...new Set([...days, asOf])].sort();
  if (stops.length < 2) return null;
  return (
    <label className="slider">
      <span>{words.slider}</span>
      <input type="range" min={0} max={stops.length - 1} value={stops.indexOf(asOf)} aria-valuetext={format.day(asOf)} onChange={(event) => onGo(stops[Number(event.target.value)] ?? asOf)} />
      <span className="n">{format.day(asOf)}</span>
    </label>
  );
}
