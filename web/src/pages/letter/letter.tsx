import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/paper.en';
import { zh } from '../../words/paper.zh';
import { useWords } from '../../words/words';
import { useWhyQuestion } from '../why/question';

/** The letter to a household, about its stored run where there is one. It is made when somebody asks for it: making it is logged with the reason. */
export function LetterPage() {
  const words = useWords(zh, en);
  const question = useWhyQuestion();
  const format = useFormat();
  const { household, criteria, moves, run } = question;
  const [reason, setReason] = useState(words.reasonUsual);
  const letter = useMutation({
    mutationFn: () => take(api.POST('/api/letters/{household}', { params: { path: { household } }, body: { reason, ...(run === undefined ? { question: question.body } : { run }) } })),
  });
  const made = letter.data;
  return (
    <Page
      title={words.letterTitle}
      about={words.letterAbout}
      rule={made?.run.criteria}
      action={
        <>
          <Link to="/why/$household" params={{ household }} search={{ ...(criteria === '' ? {} : { criteria }), ...(moves === '' ? {} : { moves }), ...(run === undefined ? {} : { run }) }}>{words.back}</Link>
          {made && <Button type="primary" onClick={() => window.print()}>{words.print}</Button>}
        </>
      }
    >
      {letter.isError && <ProblemMessage error={letter.error} retry={() => letter.mutate()} />}
      {letter.isPending && <Waiting lines={16} height={560} />}
      <form className="filters no-print" onSubmit={(event) => { event.preventDefault(); letter.mutate(); }}>
        <Field label={words.reason}><Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} /></Field>
        <Button type="primary" htmlType="submit" disabled={(criteria === '' && run === undefined) || reason.trim() === ''} loading={letter.isPending}>{words.make}</Button>
      </form>
      {made && (
        <p className="quiet no-print" role="status">{made.run.run !== undefined ? words.ofRun(format.day(made.run.as_of), format.day((made.run.recorded_at ?? '').slice(0, 10))) : words.ofNoRun(format.day(made.run.as_of))}</p>
      )}
      {made && (
        <article className="paper" lang="zh-CN" data-of-the-city>
          {made.demo && <p className="demo-paper">{words.demo}</p>}
          <h2>{made.title}</h2>
          <p>{made.greeting}</p>
          {(made.paragraphs ?? []).map((section) => (
            <section key={section.heading}>
              <h3>{section.heading}</h3>
              {(section.lines ?? []).map((line) => <p key={line}>{line}</p>)}
            </section>
          ))}
          <p className="paper-foot">{made.closing}</p>
        </article>
      )}
    </Page>
  );
}
