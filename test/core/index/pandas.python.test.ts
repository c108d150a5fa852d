/** docs/python.md, run from top to bottom on a model and an index of our own. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { documentVector } from '../../../src/core/embed/documentVector.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import { makeNotes } from '../../engine/fixtures.js';
import { skipOrFail } from '../../host/skip.js';
import { fakeCorpus } from './fakes.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = process.env['NOTESPACE_PYTHON'];
const modelFolder = here('../../fixtures/starter');

it('reads our model and our index, and finds the same vectors', async (context) => {
  if (python === undefined) return skipOrFail(context, 'NOTESPACE_PYTHON names no Python.');
  const folder = await mkdtemp(join(tmpdir(), 'notespace-pandas-'));
  try {
    const [cacheFolder, storeFolder] = [join(folder, 'cache'), join(folder, 'store')];
    const embedder = await createEmbedder({ modelFolder, cacheFolder, device: 'cpu', threads: 2 });
    const list = makeNotes(40).map((note, i) => ({ ...note, id: `note-${i}` }));
    const corpus = fakeCorpus(list);
    await indexCorpus({ corpus, embedder, storeFolder, flat: false, now: Date.now });
    const text = 'fell on the way to the bathroom';
    const { vectors, tokens } = await embedder.embedPassages([text]);
    const query = documentVector(vectors, [tokens[0]! + 2], embedder.dimension);
    await embedder.release();

    const page = await readFile(here('../../../docs/python.md'), 'utf8');
    const blocks = [...page.matchAll(/^```python\n(.*?)^```$/gms)].map(([, code]) => code);
    expect(blocks.length).toBeGreaterThan(3);
    const script = join(folder, 'notebook.py');
    const places = `MODEL, STORE = ${JSON.stringify(modelFolder)}, ${JSON.stringify(storeFolder)}`;
    const answer =
      'print(json.dumps([list(vectors.shape), sorted(notes["id"]), [float(x) for x in query]]))';
    await writeFile(script, [places, ...blocks, answer].join('\n'));
    const { stdout } = await promisify(execFile)(python, [script], { cwd: folder });
    const [shape, ids, asked] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as [
      number[],
      string[],
      number[],
    ];
    expect(shape).toEqual([40, embedder.dimension]);
    expect(ids).toEqual(list.map(({ id }) => id).sort());
    // The small model is kept, and computed there, in half precision.
    asked.forEach((value, i) => expect(value).toBeCloseTo(query[i]!, 3));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
