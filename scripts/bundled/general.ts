/**
 * What a model still knows of general English: definitions of WordNet (Princeton University), which
 * nothing is trained on. A definition's class is its lexicographer file, such as "noun.animal".
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../../src/core/base/random.js';
import type { Exam } from './score.js';
import type { SetRow } from './sources.js';

const definitions = 600;

/** @param folder of WordNet's data files, data.noun and data.verb */
export async function generalExam(folder: string, seed: number): Promise<Exam> {
  const rows: SetRow[] = [];
  for (const name of ['data.noun', 'data.verb']) {
    const text = await readFile(join(folder, name), 'utf8');
    for (const line of text.split('\n')) {
      // "offset file type words ... | definition; "an example""
      const [facts, gloss] = line.split(' | ');
      if (line.startsWith(' ') || facts === undefined || gloss === undefined) continue;
      const [offset, file] = facts.split(' ');
      const definition = gloss.split('; "')[0]!.trim();
      rows.push({ id: `${name}/${offset ?? ''}`, text: definition, file });
    }
  }
  const chosen = createRandom(seed, 'general').shuffle(rows).slice(0, definitions);
  return {
    set: 'WordNet',
    task: {
      kind: 'neighbour',
      name: 'kind of thing defined',
      classOf: (row) => String(row['file']),
    },
    rows: chosen,
    groups: chosen.map(() => null),
  };
}
