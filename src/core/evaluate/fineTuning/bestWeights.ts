/** Scores of the validation documents while a model learns, and the weights of the best one. */

export interface Score {
  /** Steps before it. */
  readonly step: number;
  /** Passes over the training documents before it. */
  readonly epochs: number;
  /** Of the validation documents; higher is better. */
  readonly score: number;
  /** Their mean cross-entropy, in nats, every document alike: it decides between equal scores. */
  readonly loss: number;
}

export interface BestWeights {
  readonly curve: readonly Score[];
  /** `null` before the first score. */
  readonly best: Score | null;
  /** Number of scores since the best one. */
  readonly age: number;
  /** Copies the weights if the score is the best so far. */
  note(score: Score, weights: ReadonlyMap<string, Float32Array>): void;
  /** Those of the best score, by name. */
  weights(): ReadonlyMap<string, Float32Array>;
}

export function createBestWeights(): BestWeights {
  const curve: Score[] = [];
  const kept = new Map<string, Float32Array>();
  let best: Score | null = null;
  let age = 0;
  return {
    curve,
    get best() {
      return best;
    },
    get age() {
      return age;
    },
    note(score, weights) {
      curve.push(score);
      age++;
      if (best !== null && !isBetter(score, best)) return;
      best = score;
      age = 0;
      for (const [name, values] of weights) {
        const copy = kept.get(name);
        if (copy === undefined) kept.set(name, values.slice());
        else copy.set(values);
      }
    },
    weights: () => kept,
  };
}

/** A model that learns the first class alone for a while improves by its loss until others appear. */
function isBetter(a: Score, b: Score): boolean {
  return a.score > b.score || (a.score === b.score && a.loss < b.loss);
}
