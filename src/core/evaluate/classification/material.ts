/** What every classifier of an evaluation learns from and is tested on: the same notes and classes. */
import type { Document } from '../../corpus/document.js';
import type { TestSet } from '../metrics/testSet.js';
import { labelled, targetValues, testSetOf } from '../samples/target.js';
import type { LabelledDocuments, Target } from '../samples/target.js';

/** Labelled notes, with their texts as classifiers read them. */
export interface Part extends LabelledDocuments {
  /** Those of the documents, unless words were removed. */
  readonly texts: readonly string[];
  /** As `targetValues` gives them. */
  readonly actual: Int32Array | Uint8Array;
}

export interface Material {
  readonly target: Target;
  readonly train: Part;
  /** Every choice is made on it. */
  readonly validation: Part;
  /** Read once. */
  readonly test: Part;
  readonly testSet: TestSet;
}

/**
 * @param textsOf the texts that classifiers read of some documents, in their order
 * @throws UserError if no test note has a class
 */
export function materialOf(
  parts: Readonly<Record<'train' | 'validation' | 'test', readonly Document[]>>,
  target: Target,
  textsOf: (documents: readonly Document[]) => readonly string[],
): Material {
  const partOf = (documents: readonly Document[]): Part => {
    const kept = labelled(documents, target);
    return { ...kept, texts: textsOf(kept.documents), actual: targetValues(kept, target) };
  };
  const test = partOf(parts.test);
  return {
    target,
    train: partOf(parts.train),
    validation: partOf(parts.validation),
    test,
    testSet: testSetOf(test, target),
  };
}

/** The texts and classes of some training notes. */
export function chosen({ target, train }: Material, positions: readonly number[]): Part {
  const classes = positions.map((position) => train.classes[position]!);
  return {
    documents: positions.map((position) => train.documents[position]!),
    texts: positions.map((position) => train.texts[position]!),
    classes,
    actual: targetValues({ classes }, target),
  };
}
