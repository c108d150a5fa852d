/**
 * Notes of mixed length: published clinical text where it is at hand, else the samples of the
 * repository.
 */
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/core/base/random.js';
import type { Document } from '../../src/core/corpus/document.js';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import { realTextPath, realTexts } from '../shared/realText.js';

export interface MixedNotes {
  readonly train: readonly Document[];
  /** A tenth as many. */
  readonly heldOut: readonly Document[];
  /** Where they are from, for the report. */
  readonly from: string;
}

/** Draws as many notes of each source, in a random order that is always the same. */
export async function mixedNotes(count: number): Promise<MixedNotes> {
  const real = realTexts.flatMap((text) => realTextPath(text) ?? []);
  const sources = real.length > 0 ? real : samples();
  const heldOutCount = Math.ceil(count / 10);
  const share = Math.ceil((count + heldOutCount) / sources.length);
  const random = createRandom(1, 'epoch');
  const drawn: Document[] = [];
  for (const source of sources) drawn.push(...random.shuffle(await read(source)).slice(0, share));
  const notes = random.shuffle(drawn);
  return {
    heldOut: notes.slice(0, heldOutCount),
    train: notes.slice(heldOutCount, heldOutCount + count),
    from: real.length > 0 ? `${real.length} sets of published notes` : 'the samples',
  };
}

function samples(): string[] {
  return ['hospital-notes', 'mental-health.csv', 'incidents.jsonl'].map((name) =>
    fileURLToPath(new URL(`../../samples/${name}`, import.meta.url)),
  );
}

async function read(source: string): Promise<Document[]> {
  const { signal } = new AbortController();
  const corpus = await openCorpus({ source, mapping: {} }, signal);
  const documents: Document[] = [];
  for await (const document of corpus.read(signal)) documents.push(document);
  return documents;
}
