import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take } from '../../api/client';
import { Empty } from '../../kit/empty';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/paper.en';
import { zh } from '../../words/paper.zh';
import { useWords } from '../../words/words';
import { useWhyQuestion } from '../why/question';

/** The letter to a household. It is made when somebody asks for it: making it is logged. */
export function LetterPage() {
  const words = useWords(zh, en);
  const question = useWhyQuestion();
  const { household, criteria, moves } = question;
  const letter = useMutation({ mutationFn: () => take(api.POST('/api/what-if/letters/{household}', { params: { path: { household } }, body: question.body })) });
  const made = letter.data;
  return (
    <Page
      title={words.letterTitle}
      about={words.letterAbout}
      rule={made?.run.criteria}
      action={
        <>
          <Link to="/why/$household" params={{ household }} search={{ ...(criteria === '' ? {} : { criteria }), ...(moves === '' ? {} : { moves }) }}>{words.back}</Link>
          {made && <Button type="primary" onClick={() => window.print()}>{words.print}</Button>}
        </>
      }
    >
      {letter.isError && <ProblemMessage error={letter.error} retry={() => letter.mutate()} />}
      {letter.isPending && <Waiting lines={16} height={560} />}
      {letter.isIdle && <Empty action={<Button type="primary" disabled={criteria === ''} onClick={() => letter.mutate()}>{words.make}</Button>}>{words.letterAbout}</Empty>}
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
