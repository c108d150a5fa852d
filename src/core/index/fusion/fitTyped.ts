/**
 * What the semantic side counts when text is typed, told from the corpus itself: a stretch is taken out of a
 * note and looked up, and the note, without it, is to be found. (The inverse cloze task: Lee and others,
 * "Latent retrieval for weakly supervised open domain question answering", 2019.)
 */
import { cutPassages } from '../../corpus/passages.js';
import { wordsOf } from '../../corpus/terms.js';
import type { Embedder } from '../../embed/embedder.js';
import { rowsOf } from '../tables.js';
import type { PassageRow, Tables } from '../tables.js';
import { bm25Scores, bm25Weight } from '../terms/bm25Scores.js';
import { postingsOf } from '../terms/postings.js';
import type { Postings } from '../terms/postings.js';
import { termRowsOf } from '../terms/termRows.js';
import { fusedScore, standardised } from './fuse.js';
import { centred, centredRows, defaultShare, dot, shareGrid } from './sample.js';
import type { SampledNote } from './sample.js';

export interface TypedShare {
  /** In [0, 1]. */
  readonly share: number;
  /** Stretches that were looked up; 0: the notes are too few or too short, and the share is the default. */
  readonly queries: number;
}

/** Words of a stretch, about as many as are typed. */
const stretchWords = 12;
const fewestWords = 4;
/** A note without the stretch must still say something. */
const fewestStretches = 3;
const mostQueries = 120;
const fewestQueries = 50;
/** Share of a stretch's words, the rarest, that are not looked for by keywords. */
const unsaid = 1 / 3;
/** What a share loses for lying far from the middle: a stretch is not quite what people type. */
const pull = 0.4;
const counted = 10;

interface Stretch {
  /** Its place in the sample. */
  readonly note: number;
  readonly text: string;
}

export async function fitTyped(
  tables: Tables,
  embedder: Embedder,
  notes: readonly SampledNote[],
  signal: AbortSignal | undefined,
): Promise<TypedShare> {
  const stretches = stretchesOf(notes);
  if (stretches.length < fewestQueries) return { share: defaultShare, queries: 0 };
  const { vectors, tokens } = await embedder.embedPassages(
    stretches.map(({ text }) => text),
    { as: 'query', signal },
  );
  const passages = await passagesOf(tables, notes, stretches);
  const { dimension } = embedder;
  const { mean, rows } = centredRows(notes);
  const postings = postingsOf(termRowsOf(notes));
  const worth = shareGrid.map((share) => -pull * (share - 0.5) ** 2);
  stretches.forEach(({ note, text }, i) => {
    const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
    const query = centred(vector, mean);
    const semantic = Float64Array.from(rows, (row) => dot(query, row));
    const rest = without(passages.get(notes[note]!.key) ?? [], vector, tokens[i]!, embedder);
    if (rest !== null) semantic[note] = dot(query, centred(rest, mean));
    const said = commonerWords(postings, text);
    const keyword = bm25Scores(postings, said.join(' '));
    keyword[note] = withoutWords(postings, notes[note]!.text, note, text, said);
    const all = (): boolean => true;
    const sides = [standardised(semantic, all), standardised(keyword, all)] as const;
    shareGrid.forEach((share, k) => {
      const rank = rankOf(note, sides, share);
      worth[k]! += (1 / rank + (rank <= counted ? 1 : 0)) / stretches.length;
    });
  });
  return { share: shareGrid[worth.indexOf(Math.max(...worth))]!, queries: stretches.length };
}

/** One of each note, then a second of each, and so on. */
function stretchesOf(notes: readonly SampledNote[]): Stretch[] {
  const countTokens = (text: string): number => wordsOf(text).length;
  const found: Stretch[][] = [];
  for (const [note, { text }] of notes.entries()) {
    // Long notes have plenty near their beginning.
    const head = text.slice(0, 4000);
    const own = cutPassages(head, { maxTokens: stretchWords, countTokens })
      .map(({ start, end }): Stretch => ({ note, text: head.slice(start, end) }))
      .filter((stretch) => countTokens(stretch.text) >= fewestWords);
    if (own.length < fewestStretches) continue;
    // Not the first: notes begin alike.
    found.push([...own.slice(1), own[0]!]);
    if (found.length === mostQueries) break;
  }
  const chosen: Stretch[] = [];
  const rounds = Math.ceil(mostQueries / Math.max(1, found.length));
  for (let round = 0; round < rounds; round++) {
    // Spread over the note, whatever its length.
    for (const own of found) {
      if (round >= own.length || chosen.length === mostQueries) continue;
      chosen.push(own[Math.floor((round * own.length) / rounds)]!);
    }
  }
  return chosen;
}

type Part = Pick<PassageRow, 'document' | 'tokens' | 'vector'>;

async function passagesOf(
  tables: Tables,
  notes: readonly SampledNote[],
  stretches: readonly Stretch[],
): Promise<ReadonlyMap<string, readonly Part[]>> {
  const document = [...new Set(stretches.map(({ note }) => notes[note]!.key))];
  const parts = new Map<string, Part[]>();
  for (const part of await rowsOf(
    tables.passages(['document', 'tokens', 'vector'], { document }),
  )) {
    const own = parts.get(part.document);
    if (own === undefined) parts.set(part.document, [part]);
    else own.push(part);
  }
  return parts;
}

/** The mean over a note's tokens without those of a stretch; `null` if its vector is no such mean. */
function without(
  parts: readonly Part[],
  stretch: Float32Array,
  tokens: number,
  { documentMean, prompts }: Embedder,
): Float64Array | null {
  if (documentMean !== 'tokens' || prompts.query !== prompts.document) return null;
  return Float64Array.from(stretch, (value, i) =>
    parts.reduce((sum, part) => sum + part.tokens * part.vector[i]!, -tokens * value),
  );
}

/** The words of a stretch without the rarest: for what matters most, people who type have their own. */
function commonerWords({ vocabulary, inverseFrequencies }: Postings, text: string): string[] {
  const rarity = (word: string): number => inverseFrequencies[vocabulary.get(word) ?? -1] ?? 0;
  const words = wordsOf(text).sort((a, b) => rarity(b) - rarity(a));
  return words.slice(Math.floor(words.length * unsaid));
}

/** @param said words that are looked for */
function withoutWords(
  postings: Postings,
  note: string,
  at: number,
  stretch: string,
  said: readonly string[],
): number {
  const left = new Map<string, number>();
  for (const word of wordsOf(note)) left.set(word, (left.get(word) ?? 0) + 1);
  const taken = wordsOf(stretch);
  for (const word of taken) left.set(word, (left.get(word) ?? 0) - 1);
  const words = postings.words[at]! - taken.length;
  return said.reduce(
    (sum, word) => sum + bm25Weight(postings, word, Math.max(0, left.get(word) ?? 0), words),
    0,
  );
}

function rankOf(
  note: number,
  [semantic, keyword]: readonly [Float64Array, Float64Array],
  share: number,
): number {
  const own = fusedScore(semantic[note]!, keyword[note]!, share);
  let rank = 1;
  for (let other = 0; other < semantic.length; other++) {
    if (fusedScore(semantic[other]!, keyword[other]!, share) > own) rank++;
  }
  return rank;
}
