import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as editEn } from '../../words/edit.en';
import { zh as editZh } from '../../words/edit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { en as projectEn } from '../../words/project.en';
import { zh as projectZh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { NounHistory } from '../portfolio/history';
import { PlatformEditor } from '../portfolio/edit/platform-editor';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import '../portfolio/portfolio.css';
import { ProjectRows } from '../portfolio/rows';
import { YearBars } from '../portfolio/year-bars';
import { fenOf, wrongAmount } from '../project/view';
import './platform.css';
import { Share } from './share';

/** One platform: what it is for, what it produced beside its target, and the projects that settled there. */
export function PlatformPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const may = useMay();
  const { title } = useProjectLists();
  const edit = useWords(editZh, editEn);
  const [editing, setEditing] = useState(false);
  const { asOf } = useMoment();
  const [adding, setAdding] = useState(false);
  const { platform: id } = useParams({ from: '/platforms/$platform' });
  const noun = useQuery({ queryKey: ['noun', '/api/platforms/{id}', id, asOf], queryFn: () => take(api.GET('/api/platforms/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const view = noun.data;
  const platform = view?.platform;
  return (
    <Page
      title={platform?.name ?? words.platforms} rule={rule}
      about={view && [title('platforms', platform?.kind), view.division.name, title('zones', platform?.zone)].filter((word) => word !== '').join(' · ')}
      action={<>{may('write_projects') && view && <Button onClick={() => setEditing(true)}>{edit.edit}</Button>}<Link to="/platforms" className="action-link">{words.platforms}</Link><Link to="/gantt" search={(before) => ({ ...before, platform: id })} className="action-link">{words.ganttOpen}</Link></>}
    >
      {noun.isPending && <Waiting lines={14} height={560} />}
      {noun.isError && <ProblemMessage error={noun.error} retry={() => void noun.refetch()} />}
      {view && platform && (
        <>
          {platform.kind !== 'corridor' && (
            <section aria-labelledby="outputs">
              <h2 id="outputs">{words.outputs} {may('write_projects') && <Button size="small" onClick={() => setAdding(true)}>{words.outputAdd}</Button>}</h2>
              {platform.target_fen !== undefined && <p>{words.target} <strong className="n">{format.amount(platform.target_fen)}</strong> {format.amountUnit} <Share platform={platform} output={view.output} /></p>}
              <Outputs outputs={view.outputs ?? []} />
            </section>
          )}
          {view.projects > 0 && <YearBars filter={{ platform: id }} />}
          <section aria-labelledby="projects" className="noun-part">
            <h2 id="projects">{words.itsProjects} <span className="quiet">{format.number(view.projects)}</span></h2>
            <ProjectRows rows={view.project_rows ?? []} />
          </section>
          <NounHistory path="/api/platforms/{id}/timeline" id={id} />
          {adding && <OutputPanel id={id} version={view.version} outputs={view.outputs ?? []} year={asOf.slice(0, 4)} onClose={() => setAdding(false)} />}
        </>
      )}
      {editing && view?.platform && <PlatformEditor id={id} held={{ document: view.platform, version: view.version }} onSaved={() => setEditing(false)} onClose={() => setEditing(false)} />}
    </Page>
  );
}

function Outputs({ outputs }: { outputs: Schemas['PortfolioOutput'][] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  if (outputs.length === 0) return <p className="quiet">{words.outputNone}</p>;
  return (
    <table className="table outputs">
      <thead><tr><th scope="col">{words.outputYear}</th><th scope="col" className="n">{words.inUnit(words.outputs, format.amountUnit)}</th></tr></thead>
      <tbody>{outputs.map((output) => <tr key={output.year}><td>{output.year}</td><td className="n">{format.amount(output.amount_fen)}</td></tr>)}</tbody>
    </table>
  );
}

/** States what the platform produced in a year, or corrects it. */
function OutputPanel({ id, version, outputs, year: begun, onClose }: { id: string; version: number; outputs: Schemas['PortfolioOutput'][]; year: string; onClose: () => void }) {
  const words = useWords(zh, en);
  const project = useWords(projectZh, projectEn);
  const client = useQueryClient();
  const [year, setYear] = useState(begun);
  const [amount, setAmount] = useState('');
  const [source, setSource] = useState('');
  const fen = fenOf(amount);
  const there = outputs.some((output) => String(output.year) === year);
  const save = useMutation({
    mutationFn: () => take(api.PUT('/api/platforms/{id}/outputs/{fact}', { params: { path: { id, fact: year }, ...(there ? { header: { 'If-Match': `"${version}"` } } : {}) }, body: { source, fact: { amount_fen: fen } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      onClose();
    },
  });
  return (
    <Panel title={words.outputAdd} onClose={onClose}>
      {save.isError && <ProblemMessage error={save.error} />}
      <form className="stack" onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}>
        <Field label={words.outputYear}><Input inputMode="numeric" value={year} onChange={(event) => setYear(event.target.value)} /></Field>
        <Field label={words.outputAmount} error={wrongAmount(amount) ? project.amountWrong : undefined}><Input inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} /></Field>
        <Field label={project.source} help={project.sourceHelp}><Input value={source} onChange={(event) => setSource(event.target.value)} /></Field>
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={fen === undefined || wrongAmount(amount) || !/^\d{4}$/.test(year)}>{project.save}</Button>
      </form>
    </Panel>
  );
}
