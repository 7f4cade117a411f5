import type { zh } from './register.zh';
import type { Same } from './words';

export const en: Same<typeof zh> = {
  title: 'Register',
  about: (total) => `Households on record in your territory: ${total}.`,
  head: 'Head',
  village: 'Village',
  number: 'Household number',
  size: 'Persons',
  status: 'Status',
  empty: 'No household meets this.',
};
