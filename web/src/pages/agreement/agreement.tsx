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
import { RateTiles } from '../organisation/rates';
import { NounHistory } from '../portfolio/history';
import { AgreementEditor } from '../portfolio/edit/agreement-editor';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import { ProjectRows } from '../portfolio/rows';

/** One agreement: who signed it, for how much, and the projects that came of it. */
export function AgreementPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const { title } = useProjectLists();
  const edit = useWords(editZh, editEn);
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const { asOf } = useMoment();
  const { agreement: id } = useParams({ from: '/agreements/$agreement' });
  const noun = useQuery({ queryKey: ['noun', '/api/agreements/{id}', id, asOf], queryFn: () => take(api.GET('/api/agreements/{id}', { params: { path: { id }, query: { as_of: asOf } } })) });
  const view = noun.data;
  const agreement = view?.agreement;
  return (
    <Page
      title={agreement?.name ?? words.agreements} rule={rule}
      about={view && [title('agreements', agreement?.kind), view.division.name].filter((word) => word !== '').join(' · ')}
      action={<>{may('write_projects') && view && <Button onClick={() => setEditing(true)}>{edit.edit}</Button>}<Link to="/agreements" className="action-link">{words.agreements}</Link></>}
    >
      {noun.isPending && <Waiting lines={14} height={560} />}
      {noun.isError && <ProblemMessage error={noun.error} retry={() => void noun.refetch()} />}
      {view && agreement && (
        <>
          <dl className="pairs">
            <dt>{words.signed}</dt><dd>{agreement.signed === undefined ? <span className="quiet">{words.unknown}</span> : agreement.no_later_than ? words.noLater(format.day(agreement.signed)) : format.day(agreement.signed)}</dd>
            <dt>{words.parties}</dt>
            <dd data-of-the-city>{(view.related ?? []).length === 0 ? <span className="quiet">{words.unknown}</span> : (view.related ?? []).map((ref) => <div key={ref.id}><Link to="/organisations/$organisation" params={{ organisation: ref.id }}>{ref.name}</Link> <span className="quiet">{title('roles', ref.role)}</span></div>)}</dd>
            <dt>{words.amount}</dt><dd>{agreement.amount_fen === undefined ? <span className="quiet">{words.unknown}</span> : <>{format.amount(agreement.amount_fen)} {format.amountUnit} <span className="quiet">{title('bases', agreement.basis)}</span></>}</dd>
            {agreement.occasion && <><dt>{words.occasion}</dt><dd>{agreement.occasion}</dd></>}
            {agreement.stated_projects !== undefined && <><dt>{words.statedProjects}</dt><dd>{format.number(agreement.stated_projects)}</dd></>}
            {agreement.terminated && <><dt>{words.terminated}</dt><dd>{format.day(agreement.terminated)} {agreement.reason}</dd></>}
          </dl>
          {view.rates && view.rates.projects > 0 && <RateTiles rates={view.rates} path="/api/agreements/{id}" id={id} title={agreement.name} />}
          <section aria-labelledby="projects" className="noun-part">
            <h2 id="projects">{words.itsProjects} <span className="quiet">{format.number(view.projects)}</span></h2>
            <ProjectRows rows={view.project_rows ?? []} />
          </section>
          <NounHistory path="/api/agreements/{id}/timeline" id={id} />
        </>
      )}
      {editing && view?.agreement && <AgreementEditor id={id} held={{ document: view.agreement, version: view.version }} onSaved={() => setEditing(false)} onClose={() => setEditing(false)} />}
    </Page>
  );
}
