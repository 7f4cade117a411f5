import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';

import { api, take } from '../../api/client';
import { newId } from '../../api/id';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { isLight, LightTag } from '../../kit/light';
import { ProblemMessage } from '../../kit/problem';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useText, useWords } from '../../words/words';
import { useProjectRules } from '../portfolio/lists';
import type { ProjectView } from './view';

/** The lights with their rules and their memory, and the problems that were opened from here. */
export function Alerts({ view }: { view: ProjectView }) {
  const words = useWords(zh, en);
  const text = useText();
  const rules = useProjectRules();
  const may = useMay();
  return (
    <section aria-labelledby="lights">
      <h2 id="lights">{words.lights} {isLight(view.light) && <LightTag light={view.light} />}</h2>
      <table className="table">
        <thead><tr><th scope="col">{words.lights}</th><th scope="col">{words.lightNow}</th><th scope="col">{words.lightRule}</th></tr></thead>
        <tbody>
          {(rules?.alerts.lights ?? []).map((rule) => {
            const light = view.lights[rule.id];
            return (
              <tr key={rule.id}>
                <td className="nowrap">{text(rule.title)}</td>
                <td>{light && <LightTag light={light.light} slipped={light.slipped} />}</td>
                <td className="quiet">{text(rule.text)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {may('read_matters') && <Problems view={view} mayRaise={may('write_matters') && (view.light === 'red' || view.light === 'yellow')} />}
    </section>
  );
}

function Problems({ view, mayRaise }: { view: ProjectView; mayRaise: boolean }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const client = useQueryClient();
  const { asOf } = useMoment();
  const subject = `project:${view.id}`;
  const states: Record<string, string> = words.problemStates;
  const problems = useQuery({ queryKey: ['problems', subject], queryFn: () => take(api.GET('/api/problems', { params: { query: { subject } } })) });
  const raise = useMutation({
    mutationFn: () => take(api.POST('/api/problems/{id}', { params: { path: { id: newId() }, header: { 'If-None-Match': '*' } }, body: { entry: newId(), act: 'found', on: asOf, subject, due: '' } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['problems'] }),
  });
  const rows = problems.data?.rows ?? [];
  const open = rows.some((row) => row.state !== 'closed'); // one that is open already is gone on with, not opened again
  return (
    <>
      <h3>{words.problems} {mayRaise && !open && <Button size="small" loading={raise.isPending} onClick={() => raise.mutate()}>{words.raise}</Button>}</h3>
      {raise.isSuccess && <p role="status" className="done">{words.raised} <Link to="/problems/$problem" params={{ problem: raise.data.id }}>{words.problemOpen}</Link></p>}
      {(raise.isError || problems.isError) && <ProblemMessage error={raise.error ?? problems.error} />}
      {problems.isSuccess && rows.length === 0 && <p className="quiet">{words.problemsNone}</p>}
      <ul className="plain" data-of-the-city>
        {rows.map((row) => (
          <li key={row.id}><Link to="/problems/$problem" params={{ problem: row.id }}>{row.title}</Link> <span className="quiet">{states[row.state] ?? row.state}{row.holder !== '' && ` · ${words.problemDue(row.holder, format.day(row.due))}`}</span></li>
        ))}
      </ul>
    </>
  );
}
