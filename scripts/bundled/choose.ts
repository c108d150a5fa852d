/** Chooses among merged models by what they do on validation texts. */
import type { Recipe } from './recipes.js';
import { share } from './score.js';
import type { TaskScore } from './score.js';

export interface Candidate {
  readonly recipe: Recipe;
  /** Share of the trained model. */
  readonly ratio: number;
  readonly folder: string;
  /** In the order of the exams. */
  readonly scores: readonly TaskScore[];
}

/** Each recipe at its best ratio, and the choice among them last. */
export interface Choice {
  readonly chosen: Candidate;
  readonly best: readonly Candidate[];
}

/** No task may fall below the base by more, as a share. */
const mostLost = 0.01;
/** With fewer queries a standard error is allowed instead. */
const fewQueries = 200;

/**
 * The candidate that loses least on its worst task beyond what is allowed, usually nothing; of those
 * that lose alike the one with the best mean over tasks.
 */
export function choose(candidates: readonly Candidate[], base: readonly TaskScore[]): Choice {
  const best = [...new Set(candidates.map(({ recipe }) => recipe))].map((recipe) =>
    bestOf(
      candidates.filter((candidate) => candidate.recipe === recipe),
      base,
    ),
  );
  const chosen = bestOf(best, base);
  return { chosen, best: [...best.filter((candidate) => candidate !== chosen), chosen] };
}

function bestOf(candidates: readonly Candidate[], base: readonly TaskScore[]): Candidate {
  const excess = ({ scores }: Candidate): number =>
    Math.max(0, ...scores.map((score, i) => share(base[i]!) - share(score) - allowance(base[i]!)));
  return candidates.reduce((one, other) => {
    const difference = excess(other) - excess(one) || mean(one) - mean(other);
    return difference < 0 ? other : one;
  });
}

function allowance(score: TaskScore): number {
  if (score.queries >= fewQueries) return mostLost;
  const p = share(score);
  return Math.max(mostLost, Math.sqrt((p * (1 - p)) / score.queries));
}

function mean({ scores }: Candidate): number {
  return scores.reduce((sum, score) => sum + share(score), 0) / scores.length;
}
