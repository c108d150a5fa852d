/**
 * Times whole lookups in the engine's own code, over notes made of public clinical texts and their
 * vectors: by meaning, by words and by both, with and without filters, and what share of the ten nearest
 * is found. FAISS, where a Python has it, searches the same vectors in the same run.
 *
 *     npm run bench -- search [--rows N,N,...] [--queries N] [--python PYTHON] [--keep DIR] [--json]
 *
 * --keep DIR keeps the indexes for the next run.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEmbedder } from '../src/core/embed/embedder.js';
import { readSnapshot } from '../src/core/index/snapshot.js';
import { openStore } from '../src/core/index/store.js';
import { besideFaiss } from './search/faiss.js';
import { baseTexts, noteMaker } from './search/madeNotes.js';
import { makeStore } from './search/madeStore.js';
import { timeLookups } from './search/timeLookups.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000' },
    queries: { type: 'string', default: '50' },
    base: { type: 'string', default: '3000' },
    python: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const sizes = values.rows.split(',').map(Number);
const bundled = fileURLToPath(new URL('../models/notespace-minilm', import.meta.url));
const samples = fileURLToPath(new URL('../samples/hospital-notes', import.meta.url));
const work = values.keep ?? (await mkdtemp(join(tmpdir(), 'notespace-search-')));
const embedder = await createEmbedder({
  ...{ modelFolder: bundled, cacheFolder: join(work, 'onnx'), device: 'cpu', threads: 1 },
});
try {
  const notes = noteMaker(await baseTexts(embedder, Number(values.base)));
  for (const size of sizes) {
    const folder = resolve(work, `index-${size}`);
    if (!existsSync(join(folder, 'manifest.json'))) {
      const seconds = await makeStore(folder, embedder, notes, size, samples);
      say({
        rows: size,
        made: `${seconds.toFixed(0)} s`,
        bytesANote: (await bytesIn(folder)) / size,
      });
    }
    const store = await openStore(folder);
    const begun = performance.now();
    const snapshot = await readSnapshot(store, null);
    const seconds = (performance.now() - begun) / 1000;
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
    say({
      ...{ rows: size, loaded: `${seconds.toFixed(1)} s`, rss: megabytes(rss) },
      ...{ heap: megabytes(heapUsed), buffers: megabytes(arrayBuffers) },
    });
    for (const timing of await timeLookups(store, snapshot, embedder, Number(values.queries))) {
      say({ rows: size, ...timing });
    }
    if (values.python !== undefined) {
      const turns = await besideFaiss(values.python, snapshot, work);
      for (const turn of turns ?? []) say({ rows: size, ...turn });
    }
    await store.close();
  }
} finally {
  await embedder.release();
  if (values.keep === undefined) await rm(work, { recursive: true, force: true });
}

function say(line: Readonly<Record<string, unknown>>): void {
  const text = Object.entries(line).map(
    ([name, value]) =>
      `${name} ${typeof value === 'number' ? Number(value.toFixed(3)) : String(value)}`,
  );
  process.stdout.write(`${values.json ? JSON.stringify(line) : text.join(', ')}\n`);
}

async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, entry));
    if (found.isFile()) sum += found.size;
  }
  return sum;
}
