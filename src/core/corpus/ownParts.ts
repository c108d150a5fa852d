/** Which part of its own split a corpus means by the names in its split field. */
import type { Document } from './document.js';

export type Part = 'train' | 'validation' | 'test';

export type Parts = Readonly<Record<Part, readonly Document[]>>;

/** A name may carry what it is a part of, and a number: "valid", "Validation set", "dev2", "val-split". */
const rest = '(set|split|data|part)?\\d*$';
const validation = new RegExp(`^(val|valid|validation|validate|dev|devel|devtest)${rest}`);
/** Validation where the corpus has a test part as well, else test. */
const heldOut = new RegExp(`^(eval|evaluation|heldout|holdout)${rest}`);
/** Validation where the corpus has a training part as well: a "development cohort" is what a model was made from. */
const development = new RegExp(`^development${rest}`);

type Named = Part | 'heldOut' | 'development';

function named(split: string | null): Named {
  const words = (split ?? '').toLowerCase().split(/[\s_\-.:/]+/);
  // "hold-out" is one word in two; of "validation_matched" the first says the part.
  for (const name of [words.join(''), words[0] ?? '']) {
    if (name.startsWith('test')) return 'test';
    if (validation.test(name)) return 'validation';
    if (heldOut.test(name)) return 'heldOut';
    if (development.test(name)) return 'development';
  }
  return 'train';
}

/**
 * The parts that the corpus itself defines; a part that it does not name is empty. A document without a name, or with any
 * other, is in train. A group with a test document is in test as a whole, otherwise one with a validation document in
 * validation.
 *
 * @returns `null` unless the corpus names both train and something held out
 */
export function ownParts(documents: readonly Document[]): Parts | null {
  const names = documents.map(({ split }) => named(split));
  const has = (name: Named): boolean => names.includes(name);
  const isTrain = documents.some(({ split }, i) => names[i] === 'train' && split !== null);
  const meaning: Readonly<Record<Named, Part>> = {
    train: 'train',
    validation: 'validation',
    test: 'test',
    heldOut: has('test') ? 'validation' : 'test',
    development: isTrain ? 'validation' : 'train',
  };
  const rank: Readonly<Record<Part, number>> = { train: 0, validation: 1, test: 2 };
  const ofGroup = new Map<string, Part>();
  documents.forEach(({ group }, i) => {
    const part = meaning[names[i]!];
    if (group !== null && rank[part] > rank[ofGroup.get(group) ?? 'train'])
      ofGroup.set(group, part);
  });
  const parts: Record<Part, Document[]> = { train: [], validation: [], test: [] };
  documents.forEach((document, i) => {
    const ofWhole = document.group === null ? undefined : ofGroup.get(document.group);
    parts[ofWhole ?? meaning[names[i]!]].push(document);
  });
  const isSplit = parts.train.length > 0 && parts.validation.length + parts.test.length > 0;
  return isSplit ? parts : null;
}
