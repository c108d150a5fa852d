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

/** Asks the questions in turn; earlier answers are kept when the user goes back. */
export async function askSteps<Answers>(
  title: string,
  first: Answers,
  steps: readonly Step<Answers>[],
): Promise<Answers> {
  let answers = first;
  for (let at = 0; at < steps.length;) {
    const step = steps[at];
    if (step === undefined) break;
    const answer = await step(answers, { title, step: at + 1, totalSteps: steps.length });
    if (answer === back) at = Math.max(0, at - 1);
    else {
      answers = answer;
      at++;
    }
  }
  return answers;
}
