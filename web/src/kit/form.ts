import { useQuery } from '@tanstack/react-query';

import { api, take, type Schemas } from '../api/client';
import { useText } from '../words/words';

export type FormField = Schemas['FieldView'];
export type HouseholdForm = Schemas['FormOutputBody'];

/** The household form: its fields, code lists and words. It does not change while the program runs. */
export function useForm() {
  return useQuery({ queryKey: ['form'], queryFn: () => take(api.GET('/api/form')), staleTime: Infinity });
}

/** Words of the form's codes, statuses and events for this reader; the code itself until the form is read. */
export function useFormWords() {
  const form = useForm().data;
  const text = useText();
  const find = (words: { code: string; title: { zh: string; en: string } }[] | null | undefined, code: string) => {
    const found = words?.find((word) => word.code === code);
    return found ? text(found.title) : code;
  };
  return {
    form,
    status: (code: string) => find(form?.statuses, code),
    event: (code: string) => find(form?.events, code),
    code: (list: string, code: string) => find(form?.codes?.find((codes) => codes.name === list)?.codes, code),
  };
}
