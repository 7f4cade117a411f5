import { api, take, takeWithHeaders, type Schemas } from '../../api/client';
import { en } from '../../words/imports.en';
import { zh } from '../../words/imports.zh';
import { useText, useWords } from '../../words/words';
import { useFieldTitle } from './field-title';

/** A row of a table that is wrong, as every kind of import says it. */
export interface Finding {
  /** alike is the same for the rows that have the same thing wrong. */
  alike: string;
  row: number;
  column: string;
  message: Schemas['ErrsText'];
}

/** One record that an import would change, with each answer before and after. */
export interface Change {
  id: string;
  who: string;
  answers: { what: string; before: Schemas['ErrsText']; after: Schemas['ErrsText'] }[];
}

/** What an import would do, whatever it brings in. */
export interface Plan {
  import: string;
  file: string;
  layout: string;
  headingRow: number;
  headings: Schemas['HeadingView'][];
  counts: { fresh: number; changed: number; unchanged: number; held: number };
  findings: Finding[];
  changes: Change[];
}

/** A sort of table that comes in: how its plan is read, written and taken back, and what those who may not import it do not see. */
export interface ImportKind {
  name: 'households' | 'projects';
  /** list is the page that shows what was written. */
  list: '/register' | '/projects';
  mayImport: string;
  mayExport: string;
  mayList: string;
  waiting: (id: string) => Promise<Answer>;
  write: (id: string) => Promise<unknown>;
  undo: (id: string) => Promise<unknown>;
  report: (id: string) => Promise<{ data: Blob; headers: Headers }>;
  template: () => Promise<{ data: Blob; headers: Headers }>;
  past: () => Promise<Schemas['ImportsOutputBody']>;
  /** usePlan gives the reading of an answer as a plan in the reader's language. */
  usePlan: () => (answer: Answer) => Plan;
}

/** What the API answers of a plan. */
export type Answer = Schemas['PlanView'] | Schemas['ProjectPlanView'];

const of = (id: string) => ({ params: { path: { id } } });

export const households: ImportKind = {
  name: 'households',
  list: '/register',
  mayImport: 'import_records',
  mayExport: 'export_records',
  mayList: 'read_records',
  waiting: (id) => take(api.GET('/api/imports/{id}', of(id))),
  write: (id) => take(api.POST('/api/imports/{id}/write', of(id))),
  undo: (id) => take(api.POST('/api/imports/{id}/undo', of(id))),
  report: (id) => takeWithHeaders(api.GET('/api/imports/{id}/report', { ...of(id), parseAs: 'blob' })),
  template: () => takeWithHeaders(api.GET('/api/imports/template', { parseAs: 'blob' })),
  past: () => take(api.GET('/api/imports')),
  usePlan: () => {
    const titleOf = useFieldTitle();
    const layouts: Record<string, string> = useWords(zh, en).layouts;
    const text = useText();
    return (answer) => {
      const plan = answer as Schemas['PlanView'];
      return {
        ...common(plan, titleOf), layout: layouts[plan.layout] ?? plan.layout,
        counts: { fresh: plan.new, changed: plan.changed, unchanged: plan.unchanged, held: plan.households.held },
        changes: (plan.changes ?? []).map((one) => ({ id: one.household, who: `${one.head} ${one.number}`, answers: (one.changes ?? []).map((change) => ({ what: [change.member ?? '', text(change.title)].join(' ').trim(), before: change.before, after: change.after })) })),
      };
    };
  },
};

export const projects: ImportKind = {
  name: 'projects',
  list: '/projects',
  mayImport: 'import_projects',
  mayExport: 'export_projects',
  mayList: 'import_projects',
  waiting: (id) => take(api.GET('/api/project-imports/{id}', of(id))),
  write: (id) => take(api.POST('/api/project-imports/{id}/write', of(id))),
  undo: (id) => take(api.POST('/api/project-imports/{id}/undo', of(id))),
  report: (id) => takeWithHeaders(api.GET('/api/project-imports/{id}/report', { ...of(id), parseAs: 'blob' })),
  template: () => takeWithHeaders(api.GET('/api/project-imports/template', { parseAs: 'blob' })),
  past: () => take(api.GET('/api/project-imports')),
  usePlan: () => {
    const layouts = useWords(zh, en).layouts;
    const text = useText();
    return (answer) => {
      const plan = answer as Schemas['ProjectPlanView'];
      return {
        ...common(plan, (field) => { const title = plan.titles[field]; return title ? text(title) : field; }), layout: layouts.projects,
        counts: { fresh: plan.new, changed: plan.changed, unchanged: plan.unchanged, held: plan.held },
        changes: (plan.changes ?? []).map((one) => ({ id: one.project, who: `${one.number} ${one.name}`.trim(), answers: (one.changes ?? []).map((change) => ({ what: text(change.title), before: change.before, after: change.after })) })),
      };
    };
  },
};

/** What both kinds of plan say alike; headings carry the titles of their fields. */
function common(plan: Omit<Answer, 'findings'> & { findings: (Schemas['PortfolioRowFinding'] & Partial<Schemas['RegistryRowFinding']>)[] | null }, titleOf: (field: string) => string): Pick<Plan, 'import' | 'file' | 'headingRow' | 'headings' | 'findings'> {
  return {
    import: plan.import, file: plan.file, headingRow: plan.heading_row,
    headings: (plan.headings ?? []).map((heading) => (heading.field ? { ...heading, field: titleOf(heading.field) } : heading)),
    findings: (plan.findings ?? []).map((finding) => ({ alike: `${finding.column ?? ''} ${finding.kind === undefined ? finding.message.zh : `${finding.severity} ${finding.kind}`}`, row: finding.row, column: finding.column ?? '', message: finding.message })),
  };
}
