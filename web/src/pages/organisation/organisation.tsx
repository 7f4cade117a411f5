import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as editEn } from '../../words/edit.en';
import { zh as editZh } from '../../words/edit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { OrganisationEditor } from '../portfolio/edit/organisation-editor';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import { ProjectRows } from '../portfolio/rows';
import { RateTiles } from './rates';

/** One organisation: what it signed, what came of it, and by how much, each rate with its definition and records. */
export function OrganisationPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const { title } = useProjectLists();
  const edit = useWords(editZh, editEn);
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const { asOf } = useMoment();
  const { organisation: id } = useParams({ from: '/organisations/$organisation' });
  const noun = useQuery({ queryKey: ['noun', '/api/organisations/{id}', id, asOf], queryFn: () => take(api.GET('/api/organisations/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const view = noun.data;
  const name = view?.organisation?.name ?? words.organisations;
  const agreements = (view?.related ?? []).filter((ref) => ref.kind === 'agreement').sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  return (
    <Page
      title={name} rule={rule}
      about={view && [title('organisations', view.organisation?.kind), view.division.name, view.organisation?.credit_code ?? ''].filter((word) => word !== '').join(' · ')}
      action={<>{may('write_projects') && view && <Button onClick={() => setEditing(true)}>{edit.edit}</Button>}<Link to="/organisations" className="action-link">{words.toOrganisations}</Link></>}
    >
      {noun.isPending && <Waiting lines={14} height={560} />}
      {noun.isError && <ProblemMessage error={noun.error} retry={() => void noun.refetch()} />}
      {view && (
        <>
          {view.rates && <RateTiles rates={view.rates} path="/api/organisations/{id}" id={id} title={name} />}
          <section aria-labelledby="agreements" className="noun-part">
            <h2 id="agreements">{words.itsAgreements} <span className="quiet">{format.number(agreements.length)}</span></h2>
            {agreements.length === 0 && <p className="quiet">{words.noAgreements}</p>}
            <ul className="plain" data-of-the-city>{agreements.map((ref) => <li key={ref.id}><Link to="/agreements/$agreement" params={{ agreement: ref.id }}>{ref.name}</Link></li>)}</ul>
          </section>
          <section aria-labelledby="projects" className="noun-part">
            <h2 id="projects">{words.itsProjects} <span className="quiet">{format.number(view.projects)}</span></h2>
            <ProjectRows rows={view.project_rows ?? []} />
          </section>
        </>
      )}
      {editing && view?.organisation && <OrganisationEditor id={id} held={{ document: view.organisation, version: view.version }} onSaved={() => setEditing(false)} onClose={() => setEditing(false)} />}
    </Page>
  );
}
