import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useMay } from '../../app/session';
import { useFormat } from '../../kit/format';
import { isLight, LightTag } from '../../kit/light';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as editEn } from '../../words/edit.en';
import { zh as editZh } from '../../words/edit.zh';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { ProjectEditor } from '../portfolio/edit/project-editor';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import { Alerts } from './alerts';
import { EventPanel, Events } from './events';
import { Facts } from './facts';
import { MilestonePanel, Milestones, type Milestone } from './milestones';
import { Money, MoneyPanel } from './money';
import { Progress } from './progress';
import './project.css';
import { InspectionPanel, ReportPanel } from './report-panel';
import { StagePanel, Stages } from './stages';
import { Timeline } from './timeline';
import type { ProjectEvent, ProjectView } from './view';

type Opened = 'report' | 'inspection' | 'stage' | 'money' | 'milestone' | 'edit' | 'event' | { milestone: Milestone } | { event: ProjectEvent } | null;

/** One project: where it stands, what warns of it, its money, its progress, and everything that was written of it. */
export function ProjectPage() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const { title } = useProjectLists();
  const { asOf } = useMoment();
  const { project: id } = useParams({ from: '/projects/$project' });
  const project = useQuery({ queryKey: ['project', id, asOf], queryFn: () => take(api.GET('/api/projects/{id}', { params: { path: { id }, query: { as_of: asOf } } })), placeholderData: keepPreviousData });
  const view = project.data;
  return (
    <Page
      title={view?.name ?? words.title}
      rule={rule}
      about={view && (
        <>
          {words.about(view.number ?? '', view.division.name, title('programmes', view.programme))}{' · '}
          {view.stage ? title('stages', view.stage) : words.stageUnstated} {view.stage_since && words.since(format.day(view.stage_since))}{' '}
          {isLight(view.light) && view.light !== 'off' && <LightTag light={view.light} />}
        </>
      )}
      action={<Link to="/projects" className="action-link">{words.back}</Link>}
    >
      {project.isPending && <Waiting lines={16} height={640} />}
      {project.isError && <ProblemMessage error={project.error} retry={() => void project.refetch()} />}
      {view && <Whole key={id} view={view} asOf={asOf} />}
    </Page>
  );
}

function Whole({ view, asOf }: { view: ProjectView; asOf: string }) {
  const words = useWords(zh, en);
  const edit = useWords(editZh, editEn);
  const may = useMay();
  const [opened, setOpened] = useState<Opened>(null);
  const [said, setSaid] = useState('');
  const open = (what: Opened) => {
    setSaid('');
    setOpened(what);
  };
  const panel = {
    view, asOf, onClose: () => setOpened(null),
    onSaved: (late: boolean) => {
      setOpened(null);
      setSaid(late ? words.savedLate : words.saved);
    },
  };
  const mayWrite = may('write_projects');
  return (
    <>
      <p role="status" className="done project-said">{said}</p>
      <Stages view={view} mayWrite={mayWrite} onMove={() => open('stage')} />
      <div className="project">
        <div>
          <Alerts view={view} />
          <Progress view={view} mayReport={mayWrite} mayInspect={may('inspect_projects')} onReport={() => open('report')} onInspect={() => open('inspection')} />
          <Money view={view} mayWrite={mayWrite} onRecord={() => open('money')} />
          <Milestones view={view} asOf={asOf} mayWrite={mayWrite} onAdd={() => open('milestone')} onMark={(milestone) => open({ milestone })} />
          <Events view={view} mayWrite={mayWrite} onAdd={() => open('event')} onCorrect={(event) => open({ event })} />
        </div>
        <aside>
          <Facts view={view} action={mayWrite && <Button size="small" onClick={() => open('edit')}>{edit.edit}</Button>} />
          <Timeline id={view.id} />
        </aside>
      </div>
      {opened === 'report' && <ReportPanel {...panel} />}
      {opened === 'inspection' && <InspectionPanel {...panel} />}
      {opened === 'stage' && <StagePanel {...panel} />}
      {opened === 'money' && <MoneyPanel {...panel} />}
      {opened === 'edit' && <ProjectEditor id={view.id} held={{ document: view.document, version: view.version }} onSaved={(saved) => panel.onSaved(saved.late)} onClose={panel.onClose} />}
      {opened === 'event' && <EventPanel {...panel} event={null} />}
      {opened === 'milestone' && <MilestonePanel {...panel} milestone={null} />}
      {typeof opened === 'object' && opened !== null && ('event' in opened ? <EventPanel {...panel} event={opened.event} /> : <MilestonePanel {...panel} milestone={opened.milestone} />)}
    </>
  );
}
