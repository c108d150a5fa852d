/** The last question of *Evaluate…*: which words name what is predicted. */
import { plural } from '../../core/base/wording.js';
import { withTarget } from '../../engine/targetColumn.js';
import type { TargetSummary } from '../../protocol/lookup.js';
import type { Services } from '../services.js';
import { whenPredicting } from './evaluateSteps.js';
import type { EvaluateAnswers } from './evaluateSteps.js';
import { given } from './given.js';
import { askSeveralStep } from './severalStep.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import type { ConditionalStep } from './steps.js';
import { askTextStep } from './textStep.js';

/** In the list of words: asks for more of them. */
const others = Symbol('other words');

export function wordsStep({ lookup }: Services): ConditionalStep<EvaluateAnswers> {
  return whenPredicting(async (answers, place) => {
    const { words: proposed } = await lookup.request('corpus/target', {
      corpus: withTarget(given(answers.corpus).spec, answers.target),
      target: given(answers.target),
      seed: answers.seed,
    });
    let ticked = answers.withoutWords ?? proposed.map(({ words }) => words);
    for (;;) {
      const chosen = await askSeveralStep<string | typeof others>({
        place,
        placeholder: 'Measure again without which words?',
        items: wordItems(proposed, ticked),
        isPicked: (value) => value !== others && ticked.includes(value),
      });
      if (chosen === back) return back;
      ticked = chosen.filter((value) => value !== others);
      if (!chosen.includes(others)) return { ...answers, withoutWords: ticked };
      const typed = await askTextStep({
        place,
        prompt: 'Other words that name what is predicted, with commas between them',
        value: '',
        refuse: () => null,
      });
      // Back leads to the list.
      if (typed === back) continue;
      return { ...answers, withoutWords: [...new Set([...ticked, ...wordsIn(typed)])] };
    }
  });
}

function wordItems(
  proposed: TargetSummary['words'],
  ticked: readonly string[],
): StepItem<string | typeof others>[] {
  const known = new Set(proposed.map(({ words }) => words));
  return [
    ...proposed.map(({ words, notes, notesOfCategory }) => ({
      label: words,
      description: `in ${plural(notes, 'training note')}, ${notesOfCategory} of what it names`,
      value: words,
    })),
    ...ticked
      .filter((words) => !known.has(words))
      .map((words) => ({ label: words, description: 'added', value: words })),
    { label: 'Other words…', description: 'that name what is predicted', value: others },
  ];
}

function wordsIn(typed: string): string[] {
  return typed
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
}
