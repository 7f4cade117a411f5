import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { useMoment } from '../../app/moment';
import { Choice } from '../../kit/choice';
import { useDraft } from '../../kit/draft';
import { Field } from '../../kit/field';
import { newId } from '../../api/id';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/cases.en';
import { zh } from '../../words/cases.zh';
import { useText, useWords } from '../../words/words';
import { useCatalogue, useHeld, useWriteCase } from './case-data';
import { handed, PaperFields, type Papers } from './paper-fields';

/** An application: what, where, and the papers that are not held already. */
export function Application({ matter: chosen, own, onClose }: { matter: string; own: boolean; onClose: () => void }) {
  const words = useWords(zh, en);
  const text = useText();
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const catalogue = useCatalogue();
  const held = useHeld(asOf, own);
  const [id] = useState(newId);
  const [draft, keep] = useDraft<{ matter: string; title: string; place: string; papers: Papers }>('application');
  const places = catalogue.data?.places ?? [];
  // the matter whose button was pressed goes before the one of an earlier draft; its title, place and papers stay
  const [pressed, setPressed] = useState(chosen);
  const typed = draft ?? { matter: '', title: '', place: '', papers: {} };
  const code = pressed || typed.matter || (catalogue.data?.matters?.[0]?.code ?? '');
  const set = (change: Partial<typeof typed>) => {
    keep({ ...typed, matter: code, ...change });
    setPressed('');
  };
  const matter = catalogue.data?.matters?.find((one) => one.code === code);
  const have = (held.data?.papers ?? []).filter((paper) => matter?.documents?.includes(paper.code));
  const needed = (matter?.documents ?? []).filter((paper) => !have.some((one) => one.code === paper));
  const write = useWriteCase(id, 0, () => {
    keep(null);
    void navigate({ to: `/cases/${id}` as '/' });
  });
  const send = () => write.mutate({ act: 'applied', on: asOf, matter: code, title: typed.title.trim(), division: typed.place || (places[0]?.id ?? ''), documents: handed(needed, typed.papers) });
  return (
    <Panel title={words.apply} onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); send(); }}>
        <Field label={words.matter}><Choice value={code} options={(catalogue.data?.matters ?? []).map((one): [string, string] => [one.code, text(one.title)])} onChange={(next) => set({ matter: next })} /></Field>
        <Field label={words.titleField}><Input value={typed.title} onChange={(event) => set({ title: event.target.value })} /></Field>
        <Field label={words.placeField}><Choice value={typed.place || (places[0]?.id ?? '')} options={places.map((one): [string, string] => [one.id, one.name])} onChange={(next) => set({ place: next })} /></Field>
        {have.length > 0 && (
          <>
            <h3>{words.papersHeld}</h3>
            <ul>{have.map((paper) => <li key={paper.code}>{paper.name}</li>)}</ul>
          </>
        )}
        {needed.length > 0 && <PaperFields codes={needed} papers={typed.papers} asOf={asOf} onChange={(papers) => set({ papers })} />}
        {write.isError && <ProblemMessage error={write.error} />}
        <Button type="primary" htmlType="submit" loading={write.isPending} disabled={typed.title.trim() === ''}>{words.send}</Button>
      </form>
    </Panel>
  );
}
