import type { zh } from '../words/shell.zh';

/** A section of the bar, for those who may do one of its actions. Its route stands in router.tsx. */
export interface Section {
  path: string;
  title: keyof (typeof zh)['sections'];
  actions: string[];
}

export const sections: Section[] = [
  { path: '/', title: 'overview', actions: ['read_figures'] },
  { path: '/register', title: 'register', actions: ['read_records'] },
  { path: '/lab', title: 'lab', actions: ['run_criteria'] },
  { path: '/notice', title: 'notice', actions: ['export_records'] },
  { path: '/imports', title: 'imports', actions: ['import_records', 'export_records'] },
  { path: '/log', title: 'log', actions: ['read_log'] },
];
