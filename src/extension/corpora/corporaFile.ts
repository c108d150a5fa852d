/** The file `corpora.json` in a home: the corpora that the user added in one workspace folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { fromSystemError, isAbsent, usageError } from '../../core/base/errors.js';
import { replaceFile } from '../../core/base/files.js';
import { mappingSchema, readingSchema } from '../../engine/runSchemas.js';
import { plainSourceName } from '../../protocol/catalogue/sources.js';

export const corporaFileName = 'corpora.json';

const schema = z.object({
  format: z.literal(1),
  active: z.nullable(z.string()),
  corpora: z.array(
    z.object({
      name: z.string(),
      /** Absolute, relative to the workspace folder, or `sample:NAME`. */
      source: z.string(),
      mapping: mappingSchema,
      reading: z.optional(readingSchema),
      /** A list of notes in the same folder as this file, if these alone are the corpus. */
      only: z.optional(z.string().check(z.regex(/^chosen\/[^/\\]+\.json$/))),
      /** Of the index that answers: `bundled`, the name of a run, or a path. */
      model: z.string(),
      /** Folder of its first index in `index`; absent: its name. */
      folder: z.optional(z.string()),
      /** One for each model; absent: one for `model`. */
      indexes: z.optional(z.array(z.object({ model: z.string(), folder: z.string() }))),
      /** Model of the index that is to answer once it is built. */
      next: z.optional(z.string()),
    }),
  ),
});

export type CorporaFile = z.infer<typeof schema>;
export type CorpusEntry = CorporaFile['corpora'][number];

export const emptyCorporaFile: CorporaFile = { format: 1, active: null, corpora: [] };

/** Empty when there is no file. */
export async function readCorporaFile(home: string): Promise<CorporaFile> {
  const path = join(home, corporaFileName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return emptyCorporaFile;
    throw fromSystemError(error, path);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw usageError(
      `${path} is not a list of corpora: repair it, or delete it and add them again.`,
    );
  }
  const names = parsed.data.corpora.map(({ name }) => name);
  if (!names.every(isCorpusName) || new Set(names.map(lowerCase)).size < names.length) {
    throw usageError(
      `${path} gives two corpora the same name, or uses a name that no folder can have: give each a plain name of its own.`,
    );
  }
  const folders = parsed.data.corpora.flatMap(foldersOf);
  if (!folders.every(isIndexFolder) || new Set(folders.map(lowerCase)).size < folders.length) {
    throw usageError(
      `${path} gives two indexes the same folder, or one that no index can have: repair it, or delete it and add the corpora again.`,
    );
  }
  return parsed.data;
}

/** Every folder that its indexes have. */
function foldersOf({ name, folder, indexes }: CorpusEntry): string[] {
  return [...new Set([folder ?? name, ...(indexes ?? []).map((index) => index.folder)])];
}

/** A name of a corpus, and where there are several indexes, a hash of its model. */
function isIndexFolder(folder: string): boolean {
  return isCorpusName(folder.replace(/@[\da-f]{8}$/, ''));
}

/** Names that a new corpus must not have: those of corpora, and of folders of their indexes. */
export function takenNames({ corpora }: CorporaFile): string[] {
  return corpora.flatMap((entry) => [entry.name, ...foldersOf(entry)]);
}

/** Atomic, since another window may be reading. */
export async function writeCorporaFile(home: string, file: CorporaFile): Promise<void> {
  const path = join(home, corporaFileName);
  try {
    await replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw fromSystemError(error, path);
  }
}

/** A name that is valid as a folder name on every system; `taken` are names in use. */
export function corpusName(wanted: string, taken: readonly string[]): string {
  const plain = plainSourceName(wanted.normalize('NFC'))
    .replace(/[^\p{L}\p{N}_. -]+/gu, '-')
    .slice(0, 60)
    .replace(/^[-. ]+|[-. ]+$/g, '');
  const base = reservedOnWindows.test(plain) ? `corpus-${plain}` : plain || 'corpus';
  const inUse = new Set(taken.map(lowerCase));
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!inUse.has(name.toLowerCase())) return name;
  }
}

/**
 * Whether a name is allowed in the list. It becomes the folder of an index, in which old data is
 * deleted, so a name must not lead anywhere else.
 */
function isCorpusName(name: string): boolean {
  return plainName.test(name) && name.length <= 80 && !reservedOnWindows.test(name);
}

const plainName = /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u;

function lowerCase(name: string): string {
  return name.toLowerCase();
}

const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
