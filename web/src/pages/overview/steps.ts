/** The five steps of the ordered scale, light to dark; they stand in tokens.css as well. */
export const stepColours = ['#eff6ff', '#bfdbfe', '#7fb0ea', '#3f7fc9', '#0b4f9c'];

/** Where the steps of a map begin: values sorted and cut into five groups of about the same number of divisions. */
export function stepsOf(values: number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const cuts = stepColours.map((_, step) => sorted[Math.floor((step * sorted.length) / stepColours.length)] ?? 0);
  return cuts.filter((cut, index) => index === 0 || cut > (cuts[index - 1] ?? cut));
}

/** The step that a value belongs to; -1 without a value. */
export function stepOf(value: number | null, steps: number[]): number {
  if (value === null || steps.length === 0) return -1;
  return Math.max(0, steps.filter((begin) => value >= begin).length - 1);
}

/** The colour of a step among so many: few steps keep far apart. */
export function colourOf(step: number, steps: number): string {
  if (step < 0) return '#ffffff';
  return stepColours[steps <= 1 ? 2 : Math.round((step * (stepColours.length - 1)) / (steps - 1))] ?? '#ffffff';
}
