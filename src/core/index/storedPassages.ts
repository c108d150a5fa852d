/** An index as a source of vectors of its passages. */
import type { PassageSource, PassageVector } from '../embed/knownPassages.js';
import type { Tables } from './tables.js';

/** Vectors by the hash of the text, from one passage each. */
export function storedPassages(tables: Tables): PassageSource {
  return {
    async find(hashes) {
      const found = new Map<string, PassageVector>();
      const columns = ['textHash', 'vector', 'tokens'] as const;
      for await (const rows of tables.passages(columns, { textHash: hashes })) {
        for (const { textHash, vector, tokens } of rows) found.set(textHash, { vector, tokens });
        // A text shared by many notes has as many rows.
        if (found.size === hashes.length) break;
      }
      return found;
    },
  };
}
