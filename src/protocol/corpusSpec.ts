import type { FieldMapping } from './catalogue/fieldRoles.js';
import type { Reading } from './catalogue/reading.js';

/** A corpus as the user specified it: an absolute path and the manually mapped fields. */
export interface CorpusSpec {
  readonly source: string;
  readonly mapping: Partial<FieldMapping>;
  /** How the file is read, as far as settled by hand. */
  readonly reading?: Reading | undefined;
  /** Absolute path of a list of notes, if these alone are the corpus. */
  readonly only?: string | undefined;
}
