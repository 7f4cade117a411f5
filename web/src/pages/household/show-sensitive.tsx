import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { Field } from '../../kit/field';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useWords } from '../../words/words';

/** An encrypted answer, which is shown on its own and with a reason. */
export function ShowSensitive({ household, person, field, title }: { household: string; person?: string; field: string; title: string }) {
  const words = useWords(zh, en);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const show = useMutation({
    mutationFn: () => take(api.POST('/api/households/{id}/show', { params: { path: { id: household } }, body: { field, reason, ...(person === undefined ? {} : { person }) } })),
    onSuccess: () => setAsking(false),
  });
  if (show.data) return <span className="shown">{show.data.value === '' ? words.unanswered : show.data.value}</span>;
  return (
    <>
      <button type="button" className="link" onClick={() => setAsking(true)} aria-label={words.showTitle(title)}>{words.show}</button>
      {asking && (
        <Panel title={words.showTitle(title)} onClose={() => setAsking(false)}>
          <p className="quiet">{words.showAbout}</p>
          <form className="stack" onSubmit={(event) => {
            event.preventDefault();
            show.mutate();
          }}>
            <Field label={words.reason} help={words.reasonHelp}><Input autoFocus value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
            <Button type="primary" htmlType="submit" loading={show.isPending} disabled={reason.trim() === ''}>{words.show}</Button>
          </form>
          {show.isError && <ProblemMessage error={show.error} />}
        </Panel>
      )}
    </>
  );
}
