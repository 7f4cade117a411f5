/** Whether an id names something: the ledger writes zeros where there is nothing. */
export function isSet(id: string | undefined): id is string {
  return id !== undefined && /[1-9a-f]/.test(id);
}
