/** Files that an evaluation leaves in its run folder and that panels read. */

export const evaluationFileNames = {
  /** Everything that was measured. */
  report: 'report.json',
  /** Which test note was given which class: what stands in `predictions.csv`, briefer. */
  outcomes: 'outcomes.json',
} as const;

/** Classes of the test notes, as they are and as classifiers predicted them; without any text. */
export interface EvaluationOutcomes {
  readonly format: 1;
  /** As in the report that it belongs to. */
  readonly madeAt: string;
  readonly labels: 'one' | 'several';
  /** Ids of the test notes. */
  readonly ids: readonly string[];
  /**
   * Of one label, the position of each note's class [notes]; of several, 1 for each class that it has
   * and 0 for the others [notes, classes].
   */
  readonly actual: readonly number[];
  /** Only those with the most labels. */
  readonly settings: readonly {
    /** Position in the report's `settings`. */
    readonly setting: number;
    readonly runs: readonly {
      readonly seed: number;
      /** As `actual`. */
      readonly predicted: readonly number[];
      /** Probability of the predicted class [notes]; `null` without probabilities or of several labels. */
      readonly confidence: readonly number[] | null;
    }[];
  }[];
}
