import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { api, problemOf, take, type Schemas } from '../../api/client';
import { useForm } from '../../kit/form';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useText, useWords } from '../../words/words';
import { wrongWith } from './check';
import { Conflict } from './conflict';
import { membersChange, type HouseholdDraft, type HouseholdEdit } from './draft';
import { EditBar } from './edit-bar';
import { FormView } from './form-view';
import { answerWhere, atMember, differences, fieldWhere, membersOf, patchOf, placeOfServer, type Answer } from './record';

/** The form, and the editing of it: drafts, refusals beside their fields, and the meeting with others' changes. */
export function Sheet({ view, edit }: { view: Schemas['HouseholdView']; edit: HouseholdEdit }) {
  const words = useWords(zh, en);
  const text = useText();
  const client = useQueryClient();
  const fields = useForm().data?.fields ?? [];
  const [newest, setNewest] = useState<Schemas['HouseholdView'] | null>(null);
  const { draft } = edit;
  const path = { id: view.id };
  const asOn = (day: string) => take(api.GET('/api/households/{id}', { params: { path, query: { as_of: day } } }));
  const save = useMutation({
    mutationFn: async () => {
      if (!draft) throw new Error('nothing to save');
      const on = await asOn(draft.valid); // what one builds on is what the ledger says of that day
      if (on.version !== draft.version || differences(fields, draft.base, on.record as Answer).length > 0) {
        setNewest(on);
        return null;
      }
      const body = { valid: draft.valid, event: draft.event, source: draft.source, ...(draft.reason === '' ? {} : { reason: draft.reason }), record: patchOf(draft.base, draft.changes) };
      return take(api.PATCH('/api/households/{id}', { params: { path, header: { 'If-Match': `"${draft.version}"` } }, body }));
    },
    onSuccess: async (saved) => {
      if (saved === null) return;
      edit.discard();
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'form' });
    },
    onError: async (error) => {
      if ([409, 412].includes(problemOf(error).status) && draft) setNewest(await asOn(draft.valid));
    },
  });
  const refused = save.isError && draft ? (problemOf(save.error).findings ?? []) : [];
  const wrong = Object.fromEntries(refused.map((finding) => [draft ? placeOfServer(finding.where, draft.base, draft.changes) : finding.where, text(finding.message)]));
  return (
    <>
      {save.isSuccess && save.data && draft === null && <p role="status" className="done">{save.data.late ? words.savedLate : words.saved}</p>}
      {draft && (
        <EditBar
          draft={draft}
          wrong={draftIsWrong(draft, fields, words.wrong)}
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
        <Conflict draft={draft} newest={newest} onGo={(changes) => {
          edit.set({ version: newest.version, base: newest.record as Answer, changes, steps: [...draft.steps, draft.changes] });
          setNewest(null);
          save.reset();
        }} />
      ) : (
        save.isError && draft && <ProblemMessage error={save.error} />
      )}
      <FormView
        view={draft ? { ...view, record: draft.base } : view}
        editing={draft && { changes: draft.changes, asOf: draft.valid, event: membersChange(draft) ? draft.event : null, wrong, onChange: edit.answer, onDrop: edit.drop, onJoin: edit.join, onLeave: edit.leave, onStay: edit.stay }}
      />
    </>
  );
}

/** Whether the draft has an answer that the form refuses, one of a new member that is missing included. */
function draftIsWrong(draft: HouseholdDraft, fields: Schemas['FieldView'][], words: Parameters<typeof wrongWith>[2]): boolean {
  const inner = fields.find((field) => field.path === 'members')?.fields ?? [];
  const changed = Object.entries(draft.changes).some(([where, answer]) => {
    const field = fieldWhere(fields, where);
    return field !== undefined && field.path !== 'members' && wrongWith(field, answer, words) !== '';
  });
  const joining = membersOf(draft.base, draft.changes).filter((member) => member.joins);
  return changed || joining.some((member) => inner.some((field) => field.type !== 'key' && wrongWith(field, draft.changes[atMember(member.key, field.path)] ?? answerWhere(draft.base, atMember(member.key, field.path)), words) !== ''));
}
