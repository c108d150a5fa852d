/**
 * Counts right and wrong decisions of a run under any weights of the documents, fast enough for 10,000 resamples: each
 * decision that matters is a pair (cell, document), pairs are sorted by cell, and a count is the sum of the
 * weights of a cell's documents.
 */
import type { Counts } from './counts.js';
import type { Prediction, TestSet } from './testSet.js';

/**
 * For class k the cells 3k: rightly predicted, 3k + 1: missed, 3k + 2: wrongly predicted; the last cell
 * holds documents whose whole prediction is right, of several labels.
 */
export interface CountCells {
  readonly labels: TestSet['labels'];
  readonly classes: number;
  /** Bounds of each cell in `documents` [cells + 1]. */
  readonly bounds: Int32Array;
  readonly documents: Int32Array;
}

export function countCells(test: TestSet, { predicted }: Prediction): CountCells {
  const { labels, classes } = test;
  const cells = 3 * classes + 1;
  const sizes = new Int32Array(cells);
  forEachDecision(test, predicted, (cell) => sizes[cell]!++);
  const bounds = new Int32Array(cells + 1);
  for (let cell = 0; cell < cells; cell++) bounds[cell + 1] = bounds[cell]! + sizes[cell]!;
  const documents = new Int32Array(bounds[cells]!);
  const next = bounds.slice();
  forEachDecision(test, predicted, (cell, document) => {
    documents[next[cell]!++] = document;
  });
  return { labels, classes, bounds, documents };
}

/**
 * @param weights how often each document counts [documents]
 * @param total sum of the weights
 * @param counts of as many classes; overwritten
 */
export function countWeighted(
  cells: CountCells,
  weights: Int32Array,
  total: number,
  counts: Counts,
): void {
  const { classes, labels } = cells;
  let rightOfOne = 0;
  for (let k = 0; k < classes; k++) {
    const right = weightOf(cells, 3 * k, weights);
    counts.truePositives[k] = right;
    counts.actual[k] = right + weightOf(cells, 3 * k + 1, weights);
    counts.predicted[k] = right + weightOf(cells, 3 * k + 2, weights);
    rightOfOne += right;
  }
  counts.documents = total;
  counts.right = labels === 'one' ? rightOfOne : weightOf(cells, 3 * classes, weights);
}

function weightOf({ bounds, documents }: CountCells, cell: number, weights: Int32Array): number {
  let sum = 0;
  const end = bounds[cell + 1]!;
  for (let i = bounds[cell]!; i < end; i++) sum += weights[documents[i]!]!;
  return sum;
}

function forEachDecision(
  { labels, documents, classes, actual }: TestSet,
  predicted: Int32Array | Uint8Array,
  visit: (cell: number, document: number) => void,
): void {
  for (let document = 0; document < documents; document++) {
    if (labels === 'one') {
      const [is, said] = [actual[document]!, predicted[document]!];
      if (is === said) visit(3 * is, document);
      else {
        visit(3 * is + 1, document);
        visit(3 * said + 2, document);
      }
      continue;
    }
    let allRight = true;
    for (let k = 0; k < classes; k++) {
      const [is, said] = [actual[document * classes + k]!, predicted[document * classes + k]!];
      if (is === 1 || said === 1) visit(3 * k + (is === said ? 0 : is === 1 ? 1 : 2), document);
      if (is !== said) allRight = false;
    }
    if (allRight) visit(3 * classes, document);
  }
}
