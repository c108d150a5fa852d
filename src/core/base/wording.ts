/** Numbers in sentences. */

/** A whole number, rounded if it is none: "12,345". */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

/** "1 note", "12,345 notes". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
