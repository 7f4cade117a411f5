import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useMay } from '../../app/session';
import { FigurePanel } from '../../kit/figure-panel';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { saveFile } from '../../kit/save';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/briefings.en';
import { zh } from '../../words/briefings.zh';
import { useWords } from '../../words/words';
import './briefings.css';
import { Changes } from './changes';
import { SignOff } from './sign-off';
import { BriefingText, type Quoted } from './text';

/** A briefing as it will stand on paper; each number opens its footnote and the figure behind it. */
export function BriefingPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const may = useMay();
  const { briefing: id } = useParams({ from: '/briefings/$briefing' });
  const [quoted, setQuoted] = useState<Quoted | null>(null);
  const found = useQuery({ queryKey: ['briefings', id], queryFn: () => take(api.GET('/api/briefings/{id}', { params: { path: { id } } })) });
  const file = useMutation({
    mutationFn: async (kind: 'docx' | 'pdf') => {
      const content = await take(api.GET('/api/briefings/{id}/file', { params: { path: { id }, query: { format: kind } }, parseAs: 'blob' }));
      saveFile(`${found.data?.title ?? ''}.${kind}`, content);
    },
  });
  const briefing = found.data;
  const states: Record<string, string> = words.states;
  const note = quoted && <p className="briefing-note" data-of-the-city>{words.note(format.number(quoted.note))} {briefing?.document.notes?.[quoted.note - 1]?.text}</p>;
  return (
    <Page
      title={briefing?.title ?? words.title}
      rule={briefing?.words}
      about={<><Link to="/briefings">{words.back}</Link>{briefing && ` · ${states[briefing.state] ?? briefing.state} · ${format.day(briefing.as_of)}`}</>}
      action={briefing && (
        <>
          <Button loading={file.isPending && file.variables === 'docx'} onClick={() => file.mutate('docx')}>{words.docx}</Button>
          <Button loading={file.isPending && file.variables === 'pdf'} onClick={() => file.mutate('pdf')}>{words.pdf}</Button>
          <Button onClick={() => window.print()}>{words.print}</Button>
        </>
      )}
    >
      {found.isPending && <Waiting lines={20} height={900} />}
      {found.isError && <ProblemMessage error={found.error} retry={() => void found.refetch()} />}
      {file.isError && <ProblemMessage error={file.error} />}
      {briefing && (
        <div className="briefing">
          <BriefingText briefing={briefing} onOpen={setQuoted} />
          <aside className="no-print">
            {briefing.state === 'draft' && may('sign_briefing') && (briefing.own ? <p className="quiet">{words.signOther}</p> : <SignOff id={id} version={briefing.version} />)}
            {briefing.state === 'returned' && <p>{words.returnedBecause(briefing.reason ?? '')}</p>}
            {briefing.state === 'signed' && <p>{words.signedBy(briefing.signer ?? '', format.day(briefing.signed_on))}</p>}
            <Changes id={id} />
          </aside>
        </div>
      )}
      {quoted?.value && <FigurePanel name={quoted.value.figure} division={String(quoted.value.division)} asOf={quoted.value.as_of} note={note} onClose={() => setQuoted(null)} />}
      {quoted && !quoted.value && <Panel title={words.note(format.number(quoted.note))} onClose={() => setQuoted(null)}>{note}</Panel>}
    </Page>
  );
}
