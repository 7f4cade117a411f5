import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { useProjectLists } from '../portfolio/lists';
import type { ProjectView } from './view';

/** What is written of the project. A line that the sources do not fill says so. */
export function Facts({ view, action }: { view: ProjectView; action: ReactNode }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { title } = useProjectLists();
  const { document: project } = view;
  const of = (kind: string) => (view.links ?? []).filter((ref) => ref.kind === kind);
  const origin = [title('origins', project.origin?.city), project.origin?.district ?? '', project.origin?.enterprise ?? ''].filter((word) => word !== '').join(' ');
  const rows: [string, ReactNode][] = [
    [words.factDivision, view.division.name],
    [words.factProgramme, title('programmes', project.programme)],
    [words.factSector, title('sectors', project.sector)],
    [words.factZone, title('zones', project.zone)],
    [words.factOrigin, origin],
    [words.factFunction, title('functions', project.origin?.function)],
    [words.factJobs, project.origin?.jobs_moved === undefined ? '' : format.number(project.origin.jobs_moved)],
    [words.factPlannedSpan, project.start_planned || project.finish_planned ? `${format.day(project.start_planned)} – ${format.day(project.finish_planned)}` : ''],
    [words.phases, (project.phases ?? []).map((phase) => <div key={phase.number}>{phase.name ?? phase.number} <span className="quiet">{format.day(phase.start_planned)}{phase.finish_planned && ` – ${format.day(phase.finish_planned)}`}</span></div>)],
    [words.factParties, refs(of('organisation'), (ref) => <><Link to="/organisations/$organisation" params={{ organisation: ref.id }}>{ref.name}</Link> <span className="quiet">{title('roles', ref.role)}</span></>)],
    [words.factPlatforms, refs(of('platform'), (ref) => <Link to="/platforms/$platform" params={{ platform: ref.id }}>{ref.name}</Link>)],
    [words.factAgreements, refs(of('agreement'), (ref) => <Link to="/agreements/$agreement" params={{ agreement: ref.id }}>{ref.name}</Link>)],
  ];
  const empty = (value: ReactNode) => value === '' || (Array.isArray(value) && value.length === 0);
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{words.facts} {action}</h2>
      <dl className="pairs" data-of-the-city>
        {rows.map(([name, value]) => [<dt key={`${name} t`}>{name}</dt>, <dd key={name}>{empty(value) ? <span className="quiet">{words.factUnknown}</span> : value}</dd>])}
      </dl>
    </section>
  );
}

function refs(list: Schemas['PortfolioRef'][], draw: (ref: Schemas['PortfolioRef']) => ReactNode): ReactNode[] {
  return list.map((ref) => <div key={ref.id + (ref.role ?? '')}>{draw(ref)}</div>);
}
