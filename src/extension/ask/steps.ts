/** A sequence of questions, usable by keyboard alone: each shows its position and allows going back. */

/** Returned when the user goes back to the previous question. */
export const back = Symbol('back');

export interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** A question: takes the answers so far and returns them with one more. */
export type Step<Answers> = (answers: Answers, place: StepPlace) => Promise<Answers | typeof back>;

/** A question that some answers make needless. */
export interface ConditionalStep<Answers> {
  readonly isAsked: (answers: Answers) => boolean;
  readonly ask: Step<Answers>;
}

/** Asks the questions in turn; earlier answers are kept when the user goes back. */
export async function askSteps<Answers>(
  title: string,
  first: Answers,
  steps: readonly (Step<Answers> | ConditionalStep<Answers>)[],
): Promise<Answers> {
  const all = steps.map((step) =>
    typeof step === 'function' ? { ask: step, isAsked: () => true } : step,
  );
  let answers = first;
  let at = 0;
  for (;;) {
    const asked = all.filter(({ isAsked }) => isAsked(answers));
    const current = all.findIndex((step, i) => i >= at && asked.includes(step));
    const step = all[current];
    if (step === undefined) return answers;
    const place = { title, step: asked.indexOf(step) + 1, totalSteps: asked.length };
    const answer = await step.ask(answers, place);
    if (answer === back) {
      const before = all.findLastIndex((each, i) => i < current && asked.includes(each));
      at = Math.max(0, before);
    } else {
      answers = answer;
      at = current + 1;
    }
  }
}
