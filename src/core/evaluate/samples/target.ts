/** What is to be predicted: the classes of a field, and those of each document. */
import { isTargetRole } from '../../../protocol/catalogue/fieldRoles.js';
import { usageError } from '../../base/errors.js';
import { plural } from '../../base/wording.js';
import type { Document } from '../../corpus/document.js';
import { createTestSet } from '../metrics/testSet.js';
import type { LabelsPerDocument, TestSet } from '../metrics/testSet.js';

export interface Target {
  /** A role, or a column that is kept with the notes. */
  readonly field: string;
  readonly labels: LabelsPerDocument;
  /** Names, sorted. */
  readonly classes: readonly string[];
  /** Positions in `classes`, ascending; empty for a document without a value, or only with ones left out. */
  readonly classesOf: (document: Document) => readonly number[];
  /** Number of documents that have no value. */
  readonly withoutValue: number;
  /** Values of one document only, which cannot be learned and tested: they are left out. */
  readonly singles: readonly string[];
}

/** What a document has as its target, as text; `null` if nothing. */
export function targetValue(document: Document, field: string): string | null {
  if (isTargetRole(field)) return document[field];
  const value = Object.hasOwn(document.fields, field) ? document.fields[field] : null;
  return value === null || value === undefined ? null : String(value);
}

/** How readers write a list into one value. */
const separator = ';';

/**
 * @param labels `auto`: several where a label is written as a list ("a; b") whose items occur in other values too; a
 * category is one unless `several` is asked for
 * @throws UserError if there are fewer than two classes to tell apart
 */
export function readTarget(
  documents: readonly Document[],
  field: string,
  labels: LabelsPerDocument | 'auto' = 'auto',
): Target {
  const values = documents.flatMap((document) => targetValue(document, field) ?? []);
  const kind = labels === 'auto' ? (field === 'category' ? 'one' : guessLabels(values)) : labels;
  const namesOf = (value: string | null): string[] =>
    value === null ? [] : kind === 'one' ? [value] : itemsOf(value);
  const counts = new Map<string, number>();
  for (const name of values.flatMap(namesOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size === 0) {
    throw usageError(
      isTargetRole(field)
        ? `No note has a ${field}: name its field with --${field}-field, or choose another target.`
        : `No note has a ${field}: choose another target.`,
    );
  }
  if (counts.size === 1) {
    throw usageError(
      `Every note that has a ${field} has the same one, so there is nothing to tell apart: choose another target.`,
    );
  }
  const names = [...counts.keys()].sort();
  const singles = names.filter((name) => counts.get(name) === 1);
  const classes = names.filter((name) => counts.get(name) !== 1);
  if (classes.length < 2) {
    throw usageError(
      `Fewer than two values of the ${field} have more than one note, so none can be learned and tested: choose a coarser target or add notes.`,
    );
  }
  const positions = new Map(classes.map((name, position) => [name, position]));
  return {
    field,
    labels: kind,
    classes,
    classesOf: (document) =>
      namesOf(targetValue(document, field))
        .flatMap((name) => positions.get(name) ?? [])
        .sort((a, b) => a - b),
    withoutValue: documents.length - values.length,
    singles,
  };
}

export interface LabelledDocuments {
  readonly documents: readonly Document[];
  /** Classes of each, at least one. */
  readonly classes: readonly (readonly number[])[];
}

/** Those documents that have a class. */
export function labelled(documents: readonly Document[], target: Target): LabelledDocuments {
  const kept = documents
    .map((document) => ({ document, classes: target.classesOf(document) }))
    .filter(({ classes }) => classes.length > 0);
  return {
    documents: kept.map(({ document }) => document),
    classes: kept.map(({ classes }) => classes),
  };
}

/**
 * The classes of documents as figures and classifiers take them: of one label, a class for each [documents], of several,
 * 0 or 1 [documents, classes].
 */
export function targetValues(
  { classes }: Pick<LabelledDocuments, 'classes'>,
  target: Pick<Target, 'labels' | 'classes'>,
): Int32Array | Uint8Array {
  if (target.labels === 'one') return Int32Array.from(classes, (of) => of[0]!);
  const values = new Uint8Array(classes.length * target.classes.length);
  classes.forEach((of, i) => {
    for (const k of of) values[i * target.classes.length + k] = 1;
  });
  return values;
}

/** @throws UserError without any test document */
export function testSetOf(test: LabelledDocuments, target: Target): TestSet {
  if (test.documents.length === 0) {
    throw usageError(`No test note has a ${target.field}: choose another target or add notes.`);
  }
  return createTestSet(target.labels, targetValues(test, target), target.classes.length);
}

/** What a reader of the figures must know: one sentence each. */
export function targetRemarks(
  target: Target,
  train: LabelledDocuments,
  test: LabelledDocuments,
): string[] {
  const { classes, field, singles, withoutValue } = target;
  const isIn = (part: LabelledDocuments): ((name: string, k: number) => boolean) => {
    const present = new Set(part.classes.flat());
    return (_, k) => present.has(k);
  };
  const [inTrain, inTest] = [isIn(train), isIn(test)];
  const untested = classes.filter((name, k) => !inTest(name, k));
  const unlearned = classes.filter((name, k) => inTest(name, k) && !inTrain(name, k));
  const remarks: string[] = [];
  if (withoutValue > 0)
    remarks.push(
      `${plural(withoutValue, 'note')} without a ${field} ${wereLeftOut(withoutValue)}.`,
    );
  if (singles.length > 0) {
    remarks.push(
      `${listed(singles)}: only one note each, which cannot be both learned and tested, so ${singles.length === 1 ? 'this value' : `these ${singles.length} values`} of the ${field} ${wereLeftOut(singles.length)}.`,
    );
  }
  if (untested.length > 0) {
    remarks.push(`${listed(untested)}: no test notes, so not part of the averages.`);
  }
  if (unlearned.length > 0) {
    remarks.push(
      `${listed(unlearned)}: test notes but no training notes, so no model can predict it.`,
    );
  }
  return remarks;
}

function wereLeftOut(count: number): string {
  return count === 1 ? 'was left out' : 'were left out';
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function itemsOf(value: string): string[] {
  const items = value.split(separator).map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

/** Values that only happen to hold a semicolon have parts that occur nowhere else. */
function guessLabels(values: readonly string[]): LabelsPerDocument {
  const distinct = [...new Set(values)].map(itemsOf);
  const occurrences = new Map<string, number>();
  for (const item of distinct.flat()) occurrences.set(item, (occurrences.get(item) ?? 0) + 1);
  const lists = distinct.filter((items) => items.length > 1).flat();
  const shared = lists.filter((item) => (occurrences.get(item) ?? 0) > 1);
  return lists.length > 0 && shared.length >= lists.length / 2 ? 'several' : 'one';
}
