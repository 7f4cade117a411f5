/** A choice among words, as the browser has it: works with every keyboard and reader of the screen. For use in a Field. */
export function Choice({ value, options, onChange, ...field }: { value: string; options: [value: string, title: string][]; onChange: (value: string) => void; id?: string; 'aria-describedby'?: string; 'aria-label'?: string; className?: string }) {
  return (
    <select className={`choice ${field.className ?? ''}`} value={value} onChange={(event) => onChange(event.target.value)} id={field.id} aria-describedby={field['aria-describedby']} aria-label={field['aria-label']}>
      {options.map(([one, title]) => <option key={one} value={one}>{title}</option>)}
    </select>
  );
}
