/** Several questions in a row, by keyboard alone: each says which one it is, and leads back. */

/** The user wants to see the question before this one again. */
export const back = Symbol('back');

export interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** A question: the answers so far and, when it is answered, one more. */
export type Step<Answers> = (answers: Answers, place: StepPlace) => Promise<Answers | typeof back>;

/** Asks one after the other; the answers of before are there when the user comes back. */
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
