import type { zh } from '../words/shell.zh';

type Words = typeof zh;

/** A section of the bar, for those who may do one of its actions. Its route stands in router.tsx. */
export interface Section {
  path: string;
  title: keyof Words['sections'];
  actions: string[];
}

/** Sections by what the work is about. The words of a group are shown to those who have many sections. */
export interface SectionGroup {
  title: keyof Words['groups'] | null;
  sections: Section[];
}

export const groups: SectionGroup[] = [
  { title: null, sections: [{ path: '/', title: 'overview', actions: ['read_figures'] }] },
  {
    title: 'poverty',
    sections: [
      { path: '/register', title: 'register', actions: ['read_records'] },
      { path: '/measures', title: 'measures', actions: ['read_figures'] },
      { path: '/lab', title: 'lab', actions: ['run_criteria'] },
      { path: '/notice', title: 'notice', actions: ['export_records'] },
      { path: '/imports', title: 'imports', actions: ['import_records', 'export_records'] },
    ],
  },
  {
    title: 'projects',
    sections: [
      { path: '/projects', title: 'projects', actions: ['read_projects'] },
      { path: '/gantt', title: 'gantt', actions: ['read_projects'] },
      { path: '/platforms', title: 'platforms', actions: ['read_projects'] },
      { path: '/organisations', title: 'organisations', actions: ['read_projects'] },
      { path: '/agreements', title: 'agreements', actions: ['read_projects'] },
      { path: '/project-imports', title: 'projectImports', actions: ['import_projects', 'export_projects'] },
      { path: '/cases', title: 'cases', actions: ['read_cases', 'own_cases'] },
      { path: '/strategy', title: 'strategy', actions: ['read_claims', 'set_aims'] },
    ],
  },
  {
    title: 'supervision',
    sections: [
      { path: '/problems', title: 'problems', actions: ['read_matters'] },
      { path: '/claims', title: 'claims', actions: ['read_claims'] },
      { path: '/briefings', title: 'briefings', actions: ['read_claims'] },
    ],
  },
  { title: 'system', sections: [{ path: '/log', title: 'log', actions: ['read_log'] }, { path: '/boundaries', title: 'boundaries', actions: ['operate'] }] },
];

/** More sections than this stand in their groups, so that the eye finds its way. */
const few = 7;

/** The sections somebody may use, in their groups; in one group without words where they are few. */
export function sectionsFor(may: (action: string) => boolean): SectionGroup[] {
  const mine = groups
    .map((group) => ({ ...group, sections: group.sections.filter((section) => section.actions.some(may)) }))
    .filter((group) => group.sections.length > 0);
  const all = mine.flatMap((group) => group.sections);
  return all.length > few ? mine : [{ title: null, sections: all }];
}
