import { Alert, Button } from 'antd';

import { problemOf } from '../api/client';
import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useText, useWords } from '../words/words';

/** What went wrong, where, and what to do, in the reader's language; with a way to try again where that can help. */
export function ProblemMessage({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const words = useWords(zh, en);
  const text = useText();
  const problem = problemOf(error);
  const known: Record<string, [string, string]> = { unreachable: [words.unreachable, words.unreachableDo], broken: [words.broken, words.brokenDo] };
  const [title, toDo] = known[problem.kind] ?? [text(problem.message), ''];
  return (
    <Alert
      className="problem"
      type="error"
      role="alert"
      title={title}
      description={
        <>
          {toDo !== '' && <p>{toDo}</p>}
          {problem.where !== undefined && problem.where !== '' && <p className="quiet">{words.where(problem.where)}</p>}
          {problem.findings && problem.findings.length > 0 && (
            <ul>
              {problem.findings.map((finding) => (
                <li key={finding.where + finding.kind}>{text(finding.message)}</li>
              ))}
            </ul>
          )}
        </>
      }
      action={retry && <Button onClick={retry}>{words.retry}</Button>}
    />
  );
}
