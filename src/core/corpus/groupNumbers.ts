import type { Document } from './document.js';

/** Numbers of the documents' groups from 0 on; one without is alone in its own. `null` if none is known. */
export function groupNumbers(documents: readonly Document[]): Int32Array | null {
  if (documents.every(({ group }) => group === null)) return null;
  const numbers = new Map<string, number>();
  return Int32Array.from(documents, ({ group, id }) => {
    const name = group === null ? `note ${id}` : `group ${group}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}
