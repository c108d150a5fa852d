/** FAISS over the vectors of a snapshot, in a Python process that takes turns with ours. */
import { spawn, spawnSync } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/core/base/random.js';
import { semanticScores } from '../../src/core/index/semanticScores.js';
import { nthBest } from '../../src/core/index/fusion/count.js';
import type { Snapshot } from '../../src/core/index/snapshot.js';

const queries = 30;
const rounds = 3;
/** FAISS's graph takes minutes for more. */
const mostInGraph = 200_000;

export interface Turn {
  readonly what: string;
  readonly p50: number;
  readonly p95: number;
  readonly recall?: number;
}

/** Only the search among vectors: no words, filters or texts. `null`, with the reason printed, without FAISS. */
export async function besideFaiss(
  python: string,
  snapshot: Snapshot,
  folder: string,
): Promise<Turn[] | null> {
  if (spawnSync(python, ['-c', 'import faiss'], { stdio: 'ignore' }).status !== 0) {
    console.log(`FAISS was not compared: ${python} does not have it (pip install faiss-cpu).`);
    return null;
  }
  const { notes, dimension } = snapshot;
  const random = createRandom(1, 'faiss');
  const asked = Array.from({ length: queries }, () => random.integer(notes.length));
  const file = await open(join(folder, 'rows.f32'), 'w');
  for (let i = 0; i < notes.length; i++) await file.write(bytesOf(centred(snapshot, i)));
  await file.close();
  const chosen = new Float32Array(queries * dimension);
  asked.forEach((note, i) => chosen.set(centred(snapshot, note), i * dimension));
  await writeFile(join(folder, 'queries.f32'), bytesOf(chosen));

  const script = fileURLToPath(new URL('../peers/faiss_search.py', import.meta.url));
  const sizes = [String(notes.length), String(dimension), String(queries)];
  const graph = notes.length <= mostInGraph ? ['hnsw'] : [];
  const child = spawn(python, [script, folder, ...sizes, ...graph], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const answer: IteratorResult<string, unknown> = await lines.next();
    if (answer.done === true) throw new Error('faiss_search.py ended early');
    return JSON.parse(answer.value);
  };
  const { indexes } = (await next()) as { indexes: string[] };
  const times = new Map<string, number[]>();
  const recalls = new Map<string, number>();
  const add = (what: string, own: readonly number[]): void => {
    times.set(what, [...(times.get(what) ?? []), ...own]);
  };
  const everyone = new Uint8Array(notes.length).fill(1);
  for (let round = 0; round < rounds; round++) {
    const own: number[] = [];
    for (const note of asked) {
      const vector = Float32Array.from(snapshot.rows.at(note));
      const begun = performance.now();
      const { scores } = await semanticScores(snapshot, vector, 'note', note);
      nthBest(scores, everyone, 10);
      own.push(performance.now() - begun);
    }
    add('our scan', own);
    for (const index of indexes) {
      child.stdin.write(`${index}\n`);
      const { milliseconds, recall } = (await next()) as { milliseconds: number[]; recall: number };
      add(`FAISS ${index}`, milliseconds);
      recalls.set(`FAISS ${index}`, recall);
    }
  }
  child.stdin.end();
  return [...times].map(([what, all]) => {
    const sorted = all.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
    const recall = recalls.get(what);
    return { what, p50: at(0.5), p95: at(0.95), ...(recall === undefined ? {} : { recall }) };
  });
}

function centred({ rows, mean, centredLengths }: Snapshot, note: number): Float32Array {
  const length = centredLengths[note]!;
  return rows.at(note).map((value, k) => (length === 0 ? 0 : (value - mean[k]!) / length));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
