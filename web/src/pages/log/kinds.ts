/** Kinds of acts, with the operations of the log that are one. */
const kinds: Record<string, string[]> = {
  reading: ['show', 'search_id'],
  output: ['export', 'print', 'household.export', 'project.export'],
  household: ['household.save', 'household.status', 'household.move', 'household.split', 'population.set'],
  imports: ['household.import', 'household.undo', 'project.import', 'project.undo'],
  identify: ['identify.run'],
  projects: ['project.save', 'project.note'],
  entry: ['login', 'login.link', 'logout'],
};

export const operationsOf = (kind: string): string[] => kinds[kind] ?? [kind];

export const kindOf = (operation: string): string | undefined => Object.keys(kinds).find((kind) => kinds[kind]?.includes(operation));
