/**
 * How far word counts alone go on the samples: multinomial naive Bayes, five folds by patient.
 *
 *     node scripts/runTs.mjs samples/bagOfWords.ts
 */
import { fileURLToPath } from 'node:url';
import { createRandom } from '../src/core/base/random.js';
import type { Document } from '../src/core/corpus/document.js';
import type { FieldMapping } from '../src/protocol/catalogue/fieldRoles.js';
import { openCorpus } from '../src/core/corpus/openCorpus.js';

const folds = 5;
const sources: readonly (readonly [string, Partial<FieldMapping>, 'category' | 'label'])[] = [
  ['hospital-notes', {}, 'category'],
  ['hospital-notes', {}, 'label'],
  ['mental-health.csv', {}, 'category'],
  ['incidents.jsonl', {}, 'category'],
  ['incidents.jsonl', {}, 'label'],
];

for (const [name, mapping, target] of sources) {
  const source = fileURLToPath(new URL(name, import.meta.url));
  const documents: Document[] = [];
  const corpus = await openCorpus({ source, mapping });
  for await (const document of corpus.read()) {
    if (document[target] !== null) documents.push(document);
  }
  const { accuracy, macroF1, majority } = crossValidate(documents, target);
  const field = corpus.mapping[target] ?? target;
  console.log(
    `${name}  ${field}: accuracy ${accuracy.toFixed(2)}, macro-F1 ${macroF1.toFixed(2)}, most frequent ${majority.toFixed(2)} (${documents.length} notes)`,
  );
}

interface Scores {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly majority: number;
}

function crossValidate(documents: readonly Document[], target: 'category' | 'label'): Scores {
  const groups = [...new Set(documents.map(({ group, id }) => group ?? id))].sort();
  createRandom(1, 'folds').shuffle(groups);
  const fold = new Map(groups.map((group, i) => [group, i % folds]));
  const foldOf = ({ group, id }: Document): number => fold.get(group ?? id) ?? 0;
  const pairs: (readonly [truth: string, guess: string])[] = [];
  for (let held = 0; held < folds; held++) {
    const predict = naiveBayes(
      documents.filter((document) => foldOf(document) !== held),
      target,
    );
    for (const document of documents) {
      if (foldOf(document) === held) pairs.push([document[target] ?? '', predict(document.text)]);
    }
  }
  const counts = new Map<string, number>();
  for (const [truth] of pairs) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  const f1 = [...counts.keys()].map((label) => {
    const hits = pairs.filter(([truth, guess]) => truth === label && guess === label).length;
    const named = pairs.filter(([truth, guess]) => (truth === label) !== (guess === label)).length;
    return (2 * hits) / Math.max(1, 2 * hits + named);
  });
  return {
    accuracy: pairs.filter(([truth, guess]) => truth === guess).length / pairs.length,
    macroF1: f1.reduce((sum, value) => sum + value, 0) / f1.length,
    majority: Math.max(...counts.values()) / pairs.length,
  };
}

function naiveBayes(
  documents: readonly Document[],
  target: 'category' | 'label',
): (text: string) => string {
  const classes = new Map<
    string,
    { documents: number; words: number; counts: Map<string, number> }
  >();
  const vocabulary = new Set<string>();
  for (const document of documents) {
    const label = document[target] ?? '';
    const found = classes.get(label) ?? {
      documents: 0,
      words: 0,
      counts: new Map<string, number>(),
    };
    classes.set(label, found);
    found.documents++;
    for (const word of wordsOf(document.text)) {
      vocabulary.add(word);
      found.words++;
      found.counts.set(word, (found.counts.get(word) ?? 0) + 1);
    }
  }
  return (text) => {
    const words = wordsOf(text).filter((word) => vocabulary.has(word));
    let best = '';
    let highest = -Infinity;
    for (const [label, seen] of classes) {
      let score = Math.log(seen.documents / documents.length);
      for (const word of words) {
        score += Math.log(
          ((seen.counts.get(word) ?? 0) + 0.5) / (seen.words + 0.5 * vocabulary.size),
        );
      }
      if (score > highest) [best, highest] = [label, score];
    }
    return best;
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}
