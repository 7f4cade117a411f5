/** How far a matter has come along its states, in words: what is done, where it is, what is still to come. */
export function StepLine({ steps, at, label }: { steps: [code: string, title: string][]; at: string; label: string }) {
  const now = steps.findIndex(([code]) => code === at);
  return (
    <ol className="step-line" aria-label={label}>
      {steps.map(([code, title], index) => (
        <li key={code} className={index < now ? 'step-past' : index === now ? 'step-now' : 'step-next'} aria-current={index === now ? 'step' : undefined}>{title}</li>
      ))}
    </ol>
  );
}
