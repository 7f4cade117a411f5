import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take, takeWithHeaders, type Schemas } from '../../api/client';
import { keepFile } from '../../api/transfer';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useText, useWords } from '../../words/words';
import { HeldRows } from './held-rows';
import { useFieldTitle } from './field-title';

type Plan = Schemas['PlanView'];

/** What an import would do: layout, columns, counts, what is held back, what changes; then the writing of it, and the undoing. */
export function Preview({ plan, onLeave }: { plan: Plan; onLeave: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const client = useQueryClient();
  const titleOf = useFieldTitle();
  const path = { id: plan.import };
  const changed = () => void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'import' && query.queryKey[0] !== 'session' });
  const write = useMutation({ mutationFn: () => take(api.POST('/api/imports/{id}/write', { params: { path } })), onSuccess: changed });
  const undo = useMutation({ mutationFn: () => take(api.POST('/api/imports/{id}/undo', { params: { path } })), onSuccess: changed });
  const report = useMutation({
    mutationFn: async () => {
      const file = await takeWithHeaders(api.GET('/api/imports/{id}/report', { params: { path }, parseAs: 'blob' }));
      keepFile(file.data, file.headers);
    },
  });
  const layouts: Record<string, string> = words.layouts;
  const headings = plan.headings ?? [];
  const toWrite = plan.new + plan.changed;
  const counts: [string, number][] = [[words.counts.fresh, plan.new], [words.counts.changed, plan.changed], [words.counts.unchanged, plan.unchanged], [words.counts.held, plan.households.held]];
  return (
    <div className="stack">
      <section aria-labelledby="import-match">
        <h2 id="import-match">{words.stepMatch} · {plan.file}</h2>
        <p>{words.layout(layouts[plan.layout] ?? plan.layout, format.number(plan.heading_row))} {words.columnsRead(format.number(headings.filter((heading) => heading.field).length), format.number(headings.length))}</p>
        <div className="scroll match" tabIndex={0} role="region" aria-label={words.column}>
          <table className="table">
            <tbody>
              <tr><th scope="row">{words.heading}</th>{headings.map((heading) => <td key={heading.column}>{heading.heading}</td>)}</tr>
              <tr><th scope="row">{words.field}</th>{headings.map((heading) => <td key={heading.column} className={heading.field ? '' : 'quiet'}>{heading.field ? titleOf(heading.field) : words.notRead}</td>)}</tr>
            </tbody>
          </table>
        </div>
      </section>
      <section aria-labelledby="import-preview">
        <h2 id="import-preview">{words.stepPreview}</h2>
        <dl className="counts">
          {counts.map(([word, n]) => <div key={word}><dt>{word}</dt><dd>{format.number(n)} <span className="quiet">{words.households}</span></dd></div>)}
        </dl>
        <HeldRows findings={plan.findings ?? []} />
        <p><Button onClick={() => report.mutate()} loading={report.isPending}>{words.report}</Button></p>
        {report.isError && <ProblemMessage error={report.error} />}
        <Changes plan={plan} />
      </section>
      <section aria-labelledby="import-write" className="write">
        <h2 id="import-write">{words.stepDone}</h2>
        {write.isError && <ProblemMessage error={write.error} />}
        {undo.isError && <ProblemMessage error={undo.error} />}
        {undo.isSuccess && <p role="status">{words.undone}</p>}
        {write.isSuccess && !undo.isSuccess && <p role="status" className="done">{words.done(format.number(plan.new), format.number(plan.changed))}</p>}
        <p className="actions">
          {!write.isSuccess && toWrite > 0 && <Button type="primary" loading={write.isPending} onClick={() => write.mutate()}>{write.isPending ? words.writing : words.write(format.number(toWrite))}</Button>}
          {!write.isSuccess && toWrite === 0 && <span>{words.nothing}</span>}
          {write.isSuccess && !undo.isSuccess && <Button loading={undo.isPending} onClick={() => undo.mutate()}>{words.undo}</Button>}
          {write.isSuccess && <Link to="/register">{words.toRegister}</Link>}
          <Button disabled={write.isPending} onClick={onLeave}>{words.again}</Button>
        </p>
      </section>
    </div>
  );
}

function Changes({ plan }: { plan: Plan }) {
  const words = useWords(zh, en);
  const text = useText();
  const changes = plan.changes ?? [];
  if (changes.length === 0) return null;
  return (
    <>
      <h3>{words.changesTitle}</h3>
      <div className="scroll held" tabIndex={0} role="region" aria-label={words.changesTitle}>
        <table className="table">
          <thead><tr><th scope="col">{words.household}</th><th scope="col">{words.answer}</th><th scope="col">{words.before}</th><th scope="col">{words.after}</th></tr></thead>
          <tbody>
            {changes.flatMap((household) =>
              (household.changes ?? []).map((change, index) => (
                <tr key={`${household.household} ${change.path} ${change.member} ${index}`}>
                  <td>{index === 0 ? `${household.head} ${household.number}` : ''}</td>
                  <td>{change.member} {text(change.title)}</td>
                  <td className="quiet">{text(change.before)}</td>
                  <td>{text(change.after)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}
