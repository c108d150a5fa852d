/** How well a model's vectors do each set's tasks. */
import { createRandom } from '../../src/core/base/random.js';
import { createEmbedder } from '../../src/core/embed/embedder.js';
import { embedDocuments } from '../../src/core/embed/embedDocuments.js';
import { fitTfIdf, rowSimilarities } from '../../src/core/evaluate/words/tfIdf.js';
import type { Part, SetRow, SplitSet, Task } from './sources.js';

/** How many queries a task had, and how many were answered rightly. */
export interface TaskScore {
  readonly set: string;
  readonly task: string;
  readonly queries: number;
  readonly right: readonly boolean[];
}

/** A task with its texts. */
export interface Exam {
  readonly set: string;
  readonly task: Task;
  readonly rows: readonly SetRow[];
  /** Rows of one group (patient, visit) are no neighbours of each other. */
  readonly groups: readonly (string | null)[];
}

/** At most this many rows of a set are compared; more would take hours and say little more. */
const mostRows = 600;

export function examsOf(sets: readonly SplitSet[], part: Part, seed: number): Exam[] {
  return sets.flatMap(({ set, parts }) => {
    const random = createRandom(seed, 'exam', set.name);
    const rows = random.shuffle([...parts[part]]).slice(0, mostRows);
    const groups = rows.map((row) => set.visit?.(row) ?? null);
    return rows.length < 2 ? [] : set.tasks.map((task) => ({ set: set.name, task, rows, groups }));
  });
}

/** [queries, documents]; the documents are the exam's rows. */
type Similarities = (queries: readonly string[] | null, exam: Exam) => Promise<Float32Array>;

export interface ScoreOptions {
  readonly modelFolder: string;
  readonly cacheFolder: string;
  readonly threads: number;
}

export async function scoreModel(
  { modelFolder, cacheFolder, threads }: ScoreOptions,
  exams: readonly Exam[],
): Promise<TaskScore[]> {
  const embedder = await createEmbedder({ modelFolder, cacheFolder, device: 'cpu', threads });
  const { dimension } = embedder;
  const known = new Map<string, Float32Array>();
  const embed = async (texts: readonly string[], as: 'query' | 'document') => {
    const fresh = [...new Set(texts)].filter((text) => !known.has(`${as} ${text}`));
    const vectors = await embedDocuments(embedder, fresh, { as });
    fresh.forEach((text, i) => {
      known.set(`${as} ${text}`, vectors.subarray(i * dimension, (i + 1) * dimension));
    });
    return texts.map((text) => known.get(`${as} ${text}`)!);
  };
  try {
    return await scoresOf(exams, async (queries, { rows }) => {
      const documents = await embed(
        rows.map(({ text }) => text),
        'document',
      );
      const asked = queries === null ? documents : await embed(queries, 'query');
      const similarities = new Float32Array(asked.length * documents.length);
      asked.forEach((query, q) => {
        documents.forEach((document, d) => {
          let dot = 0;
          for (let i = 0; i < dimension; i++) dot += query[i]! * document[i]!;
          similarities[q * documents.length + d] = dot;
        });
      });
      return similarities;
    });
  } finally {
    await embedder.release();
  }
}

/** scikit-learn's defaults. */
const words = { pairs: false, minDocuments: 1, sublinear: false };

/** Inverse document frequencies are those of the set's training texts and of the exam's. */
export async function scoreTfIdf(
  sets: readonly SplitSet[],
  exams: readonly Exam[],
): Promise<TaskScore[]> {
  return scoresOf(exams, (queries, { set, rows }) => {
    const texts = rows.map(({ text }) => text);
    const train = sets.find((one) => one.set.name === set)?.parts.train ?? [];
    const tfIdf = fitTfIdf([...train.map(({ text }) => text), ...texts], words);
    const documents = tfIdf.transform(texts);
    const asked = queries === null ? documents : tfIdf.transform(queries);
    return Promise.resolve(rowSimilarities(asked, documents));
  });
}

async function scoresOf(exams: readonly Exam[], similarities: Similarities): Promise<TaskScore[]> {
  const scores: TaskScore[] = [];
  for (const exam of exams) {
    const { set, task, rows } = exam;
    const right =
      task.kind === 'neighbour'
        ? neighbours(await similarities(null, exam), rows.map(task.classOf), exam.groups)
        : retrieved(await similarities(rows.map(task.queryOf), exam), rows.length, task.k);
    scores.push({ set, task: task.name, queries: right.length, right });
  }
  return scores;
}

/** For each row with a class: whether its nearest other row with a class has the same one. */
function neighbours(
  similarities: Float32Array,
  classes: readonly (string | null)[],
  groups: readonly (string | null)[],
): boolean[] {
  const n = classes.length;
  return classes.flatMap((own, query) => {
    if (own === null) return [];
    let best = -1;
    for (let other = 0; other < n; other++) {
      if (other === query || classes[other] === null) continue;
      if (groups[query] !== null && groups[query] === groups[other]) continue;
      const closer = best < 0 || similarities[query * n + other]! > similarities[query * n + best]!;
      if (closer) best = other;
    }
    return best < 0 ? [] : [classes[best] === own];
  });
}

/** For each query: whether fewer than k other rows are closer than its own, or as close. */
function retrieved(similarities: Float32Array, n: number, k: number): boolean[] {
  return Array.from({ length: n }, (_, query) => {
    const own = similarities[query * n + query]!;
    let ahead = 0;
    for (let other = 0; other < n; other++) {
      if (other !== query && similarities[query * n + other]! >= own) ahead++;
    }
    return ahead < k;
  });
}

export function share({ right, queries }: TaskScore): number {
  return right.filter(Boolean).length / queries;
}

/** Difference of two shares over the same queries, with half the width of its 95 % interval. */
export function difference(
  after: TaskScore,
  before: TaskScore,
): { readonly mean: number; readonly margin: number } {
  const each = after.right.map((right, i) => Number(right) - Number(before.right[i]));
  const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
  const squares = each.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    margin: (1.96 * Math.sqrt(squares / Math.max(1, each.length - 1))) / Math.sqrt(each.length),
  };
}
