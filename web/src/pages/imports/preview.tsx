import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { keepFile } from '../../api/transfer';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useText, useWords } from '../../words/words';
import { HeldRows } from './held-rows';
import type { Change, ImportKind, Plan } from './kinds';

/** What an import would do: layout, columns, counts, what is held back, what changes; then the writing of it, and the undoing. */
export function Preview({ kind, plan, onLeave }: { kind: ImportKind; plan: Plan; onLeave: () => void }) {
  const words = useWords(zh, en);
  const own = words.of[kind.name];
  const format = useFormat();
  const client = useQueryClient();
  const changed = () => void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'import' && query.queryKey[0] !== 'session' });
  const write = useMutation({ mutationFn: () => kind.write(plan.import), onSuccess: changed });
  const undo = useMutation({ mutationFn: () => kind.undo(plan.import), onSuccess: changed });
  const report = useMutation({
    mutationFn: async () => {
      const file = await kind.report(plan.import);
      keepFile(file.data, file.headers);
    },
  });
  const toWrite = plan.counts.fresh + plan.counts.changed;
  return (
    <div className="stack">
      <section aria-labelledby="import-match">
        <h2 id="import-match">{words.stepMatch} · <span data-of-the-city>{plan.file}</span></h2>
        <p>{words.layout(plan.layout, format.number(plan.headingRow))} {words.columnsRead(format.number(plan.headings.filter((heading) => heading.field).length), format.number(plan.headings.length))}</p>
        <div className="scroll match" tabIndex={0} role="region" aria-label={words.column}>
          <table className="table">
            <tbody>
              <tr><th scope="row">{words.heading}</th>{plan.headings.map((heading) => <td key={heading.column} data-of-the-city>{heading.heading}</td>)}</tr>
              <tr><th scope="row">{words.field}</th>{plan.headings.map((heading) => <td key={heading.column} className={heading.field ? '' : 'quiet'}>{heading.field ?? words.notRead}</td>)}</tr>
            </tbody>
          </table>
        </div>
      </section>
      <section aria-labelledby="import-preview">
        <h2 id="import-preview">{words.stepPreview}</h2>
        <dl className="counts">
          {(['fresh', 'changed', 'unchanged', 'held'] as const).map((name) => <div key={name}><dt>{words.counts[name]}</dt><dd>{format.number(plan.counts[name])} <span className="quiet">{own.unit}</span></dd></div>)}
        </dl>
        <HeldRows kind={kind} findings={plan.findings} />
        <p><Button onClick={() => report.mutate()} loading={report.isPending}>{words.report}</Button></p>
        {report.isError && <ProblemMessage error={report.error} />}
        <Changes kind={kind} changes={plan.changes} all={plan.counts.changed} />
      </section>
      <section aria-labelledby="import-write" className="write">
        <h2 id="import-write">{words.stepDone}</h2>
        {write.isError && <ProblemMessage error={write.error} />}
        {undo.isError && <ProblemMessage error={undo.error} />}
        {undo.isSuccess && <p role="status">{words.undone}</p>}
        {write.isSuccess && !undo.isSuccess && <p role="status" className="done">{own.done(format.number(plan.counts.fresh), format.number(plan.counts.changed))}</p>}
        <p className="actions">
          {!write.isSuccess && toWrite > 0 && <Button type="primary" loading={write.isPending} onClick={() => write.mutate()}>{write.isPending ? words.writing : own.write(format.number(toWrite))}</Button>}
          {!write.isSuccess && toWrite === 0 && <span>{words.nothing}</span>}
          {write.isSuccess && !undo.isSuccess && <Button loading={undo.isPending} onClick={() => undo.mutate()}>{words.undo}</Button>}
          {write.isSuccess && <Link to={kind.list}>{own.toList}</Link>}
          <Button disabled={write.isPending} onClick={onLeave}>{words.again}</Button>
        </p>
      </section>
    </div>
  );
}

function Changes({ kind, changes, all }: { kind: ImportKind; changes: Change[]; all: number }) {
  const words = useWords(zh, en);
  const own = words.of[kind.name];
  const text = useText();
  const format = useFormat();
  if (changes.length === 0) return null;
  return (
    <>
      <h3>{own.changesTitle}</h3>
      {changes.length < all && <p className="quiet">{words.changesFirst(format.number(changes.length), format.number(all))}</p>}
      <div className="scroll held" tabIndex={0} role="region" aria-label={own.changesTitle}>
        <table className="table">
          <thead><tr><th scope="col">{own.one}</th><th scope="col">{words.answer}</th><th scope="col">{words.before}</th><th scope="col">{words.after}</th></tr></thead>
          <tbody>
            {changes.flatMap((record) =>
              record.answers.map((change, index) => (
                <tr key={`${record.id} ${index}`}>
                  <td data-of-the-city>{index === 0 ? record.who : ''}</td>
                  <td>{change.what}</td>
                  <td className="quiet" data-of-the-city>{text(change.before)}</td>
                  <td data-of-the-city>{text(change.after)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}
