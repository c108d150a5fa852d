/**
 * TF-IDF as scikit-learn's TfidfVectorizer computes it: smoothed inverse document frequencies, rows of
 * length 1.
 */
import { inverseDocumentFrequency, sublinearFrequency } from '../../corpus/terms.js';
import type { SparseRows } from '../logistic/featureMatrix.js';
import { fitTerms } from './terms.js';
import type { TermOptions } from './terms.js';

export interface TfIdfOptions extends TermOptions {
  /** Counts as 1 + ln(count) rather than as they are. */
  readonly sublinear: boolean;
}

export interface TfIdf {
  readonly terms: readonly string[];
  /** By term. */
  readonly inverseFrequencies: Float64Array;
  /** Of the fitted texts. */
  readonly rows: SparseRows;
  /** Rows of other texts; a text without any known term has none. */
  readonly transform: (texts: readonly string[]) => SparseRows;
}

/** The baseline that models are compared with. */
export const tfIdfBaseline = {
  pairs: true,
  minDocuments: 1,
  sublinear: true,
} as const satisfies TfIdfOptions;

/** @param texts of the training part alone, lest the other parts decide what a term is worth */
export function fitTfIdf(texts: readonly string[], options: TfIdfOptions): TfIdf {
  const fitted = fitTerms(texts, options);
  const inverseFrequencies = Float64Array.from(fitted.documents, (documents) =>
    inverseDocumentFrequency(texts.length, documents),
  );
  const weigh = (counts: SparseRows): SparseRows => weighted(counts, inverseFrequencies, options);
  return {
    terms: fitted.terms,
    inverseFrequencies,
    rows: weigh(fitted.counts),
    transform: (others) => weigh(fitted.count(others)),
  };
}

function weighted(
  counts: SparseRows,
  inverseFrequencies: Float64Array,
  { sublinear }: TfIdfOptions,
): SparseRows {
  const { rows, starts, indices } = counts;
  const values = counts.values.map((count, i) => {
    const frequency = sublinear ? sublinearFrequency(count) : count;
    return frequency * inverseFrequencies[indices[i]!]!;
  });
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(starts[row], starts[row + 1]);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < own.length; i++) own[i]! /= length;
  }
  return { ...counts, values };
}

/** Cosines [queries, documents] of rows of length 1 or 0, by an inverted index. */
export function rowSimilarities(queries: SparseRows, documents: SparseRows): Float32Array {
  const postings = columnsOf(documents);
  const similarities = new Float32Array(queries.rows * documents.rows);
  const sums = new Float64Array(documents.rows);
  for (let query = 0; query < queries.rows; query++) {
    sums.fill(0);
    for (let i = queries.starts[query]!; i < queries.starts[query + 1]!; i++) {
      const column = queries.indices[i]!;
      const value = queries.values[i]!;
      for (let k = postings.starts[column]!; k < postings.starts[column + 1]!; k++) {
        sums[postings.indices[k]!]! += value * postings.values[k]!;
      }
    }
    similarities.set(sums, query * documents.rows);
  }
  return similarities;
}

/** The same matrix by columns: as rows of its transpose. */
function columnsOf({ rows, columns, starts, indices, values }: SparseRows): SparseRows {
  const ends = new Int32Array(columns + 1);
  for (const column of indices) ends[column + 1]!++;
  for (let column = 0; column < columns; column++) ends[column + 1]! += ends[column]!;
  const next = ends.slice();
  const turned = {
    indices: new Int32Array(indices.length),
    values: new Float64Array(values.length),
  };
  for (let row = 0; row < rows; row++) {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const at = next[indices[i]!]!++;
      turned.indices[at] = row;
      turned.values[at] = values[i]!;
    }
  }
  return { rows: columns, columns: rows, starts: ends, ...turned };
}
