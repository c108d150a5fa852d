/** Why the training of a run ended. */
export const runEnds = {
  steps: 'all its steps were taken',
  noImprovement: 'the held-out loss stopped improving, and the best model was kept',
  time: 'its time was up',
  finish: 'it was asked to finish',
} as const;

export type RunEnd = keyof typeof runEnds;
export const runEndNames = Object.keys(runEnds) as RunEnd[];
