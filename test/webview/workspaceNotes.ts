/** What the driven workbench finds in its workspace. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Notes of a folder, by file name. */
export async function listNotes(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => file.isFile() && file.name.endsWith('.txt'))
      .map((file) => [file.name, join(file.parentPath, file.name)]),
  );
}

/**
 * As *Add Corpus…* leaves it; the tests inside the extension host go through that command. The last is
 * the active one.
 *
 * @param others names by source, which may be files
 */
export async function nameCorpus(
  folder: string,
  name: string,
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(join(folder, '.notespace'), { recursive: true, mode: 0o700 });
  const sources = { [name]: name, ...others };
  const corpora = Object.entries(sources).map(([source, named]) => {
    return { name: named, source, mapping: {}, model: 'bundled' };
  });
  await writeFile(
    join(folder, '.notespace', 'corpora.json'),
    JSON.stringify({ format: 1, active: corpora.at(-1)?.name, corpora }),
  );
}
