/**
 * TF-IDF vectors as the baseline of the card: words of two letters or more in lower case, smoothed
 * inverse document frequencies, unit length (scikit-learn's defaults).
 */

/** By word. */
type SparseVector = ReadonlyMap<string, number>;

export interface TfIdf {
  /** Of unit length; words that the fitted texts lack are left out. */
  vector(text: string): SparseVector;
}

export function fitTfIdf(texts: readonly string[]): TfIdf {
  const documents = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(wordsOf(text))) documents.set(word, (documents.get(word) ?? 0) + 1);
  }
  const weight = (word: string): number | undefined => {
    const count = documents.get(word);
    return count === undefined ? undefined : Math.log((1 + texts.length) / (1 + count)) + 1;
  };
  return {
    vector(text) {
      const counts = new Map<string, number>();
      for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
      const entries = [...counts].flatMap(([word, count]) => {
        const idf = weight(word);
        return idf === undefined ? [] : [[word, count * idf] as const];
      });
      const length = Math.hypot(...entries.map(([, value]) => value));
      return new Map(entries.map(([word, value]) => [word, value / length]));
    },
  };
}

/** [queries, documents] of cosines, by an inverted index. */
export function tfIdfSimilarities(
  queries: readonly SparseVector[],
  documents: readonly SparseVector[],
): Float32Array {
  const postings = new Map<string, (readonly [document: number, weight: number])[]>();
  documents.forEach((vector, document) => {
    for (const [word, weight] of vector) {
      const list = postings.get(word) ?? [];
      postings.set(word, list);
      list.push([document, weight]);
    }
  });
  const similarities = new Float32Array(queries.length * documents.length);
  queries.forEach((vector, query) => {
    for (const [word, weight] of vector) {
      for (const [document, other] of postings.get(word) ?? []) {
        similarities[query * documents.length + document]! += weight * other;
      }
    }
  });
  return similarities;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
}
