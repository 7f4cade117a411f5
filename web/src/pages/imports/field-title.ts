import { useForm, type FormField } from '../../kit/form';
import { useText } from '../../words/words';

/** The title of a field by its path in an import: housing.area, members.name. The path where the form has no such field. */
export function useFieldTitle(): (path: string) => string {
  const form = useForm().data;
  const text = useText();
  return (path) => {
    const found = find(form?.fields ?? [], path);
    return found ? text(found.title) : path;
  };
}

function find(fields: FormField[], path: string): FormField | undefined {
  for (const field of fields) {
    if (field.path === path) return field;
    if (field.fields && path.startsWith(`${field.path}.`)) return find(field.fields, path.slice(field.path.length + 1));
  }
  return undefined;
}
