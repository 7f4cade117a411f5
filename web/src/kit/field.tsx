import { cloneElement, isValidElement, useId, type ReactElement, type ReactNode } from 'react';

/** A labelled field with its help and its error beside it. */
export function Field({ label, help, error, children }: { label: ReactNode; help?: ReactNode; error?: string | undefined; children: ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean; status?: '' | 'error' }> }) {
  const id = useId();
  const wrong = error !== undefined && error !== '';
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {isValidElement(children) && cloneElement(children, { id, 'aria-describedby': `${id}-help`, 'aria-invalid': wrong, ...(wrong ? { status: 'error' as const } : {}) })}
      <p id={`${id}-help`} className={wrong ? 'field-error' : 'field-help'}>{wrong ? error : help}</p>
    </div>
  );
}
