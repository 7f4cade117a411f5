import { useQuery } from '@tanstack/react-query';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/project.en';
import { zh } from '../../words/project.zh';
import { useWords } from '../../words/words';
import { useProjectLists } from '../portfolio/lists';
import type { Project, ProjectEvent, Report } from './view';

type Step = Schemas['PortfolioStep'];

/** How many steps stand open; the earlier ones are one press away. */
const shown = 14;

/** Every record of the project, the newest day first: who, when, from where, and what it says. */
export function Timeline({ id }: { id: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const { asOf } = useMoment();
  const timeline = useQuery({ queryKey: ['project', 'timeline', id, asOf], queryFn: () => take(api.GET('/api/projects/{id}/timeline', { params: { path: { id }, query: { as_of: asOf } } })) });
  const steps = (timeline.data?.steps ?? []).slice().reverse();
  const item = (step: Step) => (
    <li key={step.leaf} className={step.replaced ? 'step-replaced' : ''}>
      <p><span className="n">{format.day(step.on)}</span> <strong><StepWords step={step} /></strong>{step.replaced && <span className="quiet"> · {words.timelineReplaced}</span>}</p>
      <p className="quiet">{words.timelineBy(step.actor, step.source ?? '')} {format.moment(step.recorded_at)}</p>
      {step.reason && <p className="quiet">{step.reason}</p>}
    </li>
  );
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{words.timeline}</h2>
      {timeline.isPending && <Waiting lines={8} />}
      {timeline.isError && <ProblemMessage error={timeline.error} retry={() => void timeline.refetch()} />}
      <ol className="steps" data-of-the-city>{steps.slice(0, shown).map(item)}</ol>
      {steps.length > shown && <details><summary>{words.timelineMore(format.number(steps.length - shown))}</summary><ol className="steps" data-of-the-city>{steps.slice(shown).map(item)}</ol></details>}
    </section>
  );
}

/** What one record says, in one line. */
export function StepWords({ step }: { step: Step }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const lists = useProjectLists();
  const kinds: Record<string, string> = words.kinds;
  switch (step.kind) {
    case 'event': {
      const event = step.body as ProjectEvent;
      const what = event.kind === 'stage' ? lists.title('stages', event.stage) : lists.title('events', event.kind);
      return [what, event.amount_fen === undefined ? '' : `${format.amount(event.amount_fen)} ${format.amountUnit}`, lists.title('bases', event.basis), event.occasion ?? '', event.reason ?? '', event.void ? words.voided : ''].filter((word) => word !== '').join(' · ');
    }
    case 'report': {
      const report = step.body as Report;
      return [words.ofMonth(month(report.month)), report.physical === undefined ? '' : `${words.physical} ${format.percent(report.physical)}`, report.planned === undefined ? '' : `${words.planned} ${format.percent(report.planned)}`, report.note ?? ''].filter((word) => word !== '').join(' · ');
    }
    case 'inspection': {
      const inspection = step.body as Schemas['PortfolioInspection'];
      return [words.ofInspection(month(inspection.month)), inspection.physical === undefined ? '' : `${words.physical} ${format.percent(inspection.physical)}`, inspection.confidence === undefined ? '' : `${words.confidence} ${format.percent(inspection.confidence)}`, inspection.note ?? ''].filter((word) => word !== '').join(' · ');
    }
    case 'project': return `${words.kinds.project} · ${(step.body as Project).name}`;
  }
  return kinds[step.kind] ?? step.kind;
}

/** A month as it is written in numbers: 2015-12. */
function month(day: string): string {
  return day.slice(0, 7);
}
