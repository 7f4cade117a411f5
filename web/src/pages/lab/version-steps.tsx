import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { Field } from '../../kit/field';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';
import { Cases } from './cases';

type Version = Schemas['DocumentView'];

/** What comes next in the life of a version, for those who may: a draft is tested by its own examples, a tested one is put in force from a day. */
export function VersionSteps({ version }: { version: Version }) {
  const words = useWords(zh, en);
  const client = useQueryClient();
  const may = useMay();
  const { asOf } = useMoment();
  const [from, setFrom] = useState(asOf);
  const [note, setNote] = useState('');
  const path = { id: version.id };
  const cases = useQuery({ queryKey: ['criteria-cases', version.id], queryFn: () => take(api.GET('/api/criteria/{id}/cases', { params: { path } })) });
  const changed = () => client.invalidateQueries({ queryKey: ['criteria'] });
  const test = useMutation({ mutationFn: () => take(api.POST('/api/criteria/{id}/test', { params: { path } })), onSuccess: changed });
  const enact = useMutation({ mutationFn: () => take(api.POST('/api/criteria/{id}/enact', { params: { path }, body: { from, note } })), onSuccess: changed });
  return (
    <>
      {cases.isPending ? <Waiting lines={4} /> : cases.isError ? <ProblemMessage error={cases.error} retry={() => void cases.refetch()} /> : <Cases cases={cases.data.cases ?? []} />}
      {version.state === 'draft' && (may('run_criteria') ? (
        <p className="after-table"><Button type="primary" loading={test.isPending} onClick={() => test.mutate()}>{words.test}</Button> <span className="quiet">{words.testAbout}</span></p>
      ) : <p className="quiet">{words.draftAbout}</p>)}
      {test.isError && <ProblemMessage error={test.error} />}
      {version.state === 'tested' && !may('decide') && <p className="quiet">{words.enactWho}</p>}
      {version.state === 'tested' && may('decide') && (
        <form className="enact" onSubmit={(event) => { event.preventDefault(); enact.mutate(); }}>
          <Field label={words.enactFrom} help={words.enactAbout}><Input type="date" value={from} onChange={(event) => setFrom(event.target.value)} /></Field>
          <Field label={words.enactNote}><Input value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} /></Field>
          <Button type="primary" htmlType="submit" disabled={from === '' || note.trim() === ''} loading={enact.isPending}>{words.enact}</Button>
        </form>
      )}
      {enact.isError && <ProblemMessage error={enact.error} />}
    </>
  );
}
