/** The trainings of a study: losses, and the merges that validation chose between. */
import { studyRecipeEntries } from '../../protocol/catalogue/study.js';
import { count } from '../base/wording.js';
import type { Merge, StudyOutcome } from '../study/outcome.js';
import type { Html } from './html.js';
import { percent } from './numbers.js';
import { card, paragraph, section } from './page.js';
import { table } from './table.js';

export function trainingSection({ trained }: StudyOutcome): Html[] {
  if (trained.length === 0) return [];
  return [
    section(
      'Trainings',
      card(
        null,
        table({
          caption:
            'Held-out losses are of the recipe itself, so that recipes cannot be compared by them',
          columns: [
            { title: 'Recipe', kind: 'heading' },
            { title: 'Base', kind: 'text' },
            { title: 'Steps', kind: 'number' },
            { title: 'Tokens', kind: 'number' },
            { title: 'Held-out loss before', kind: 'number' },
            { title: 'after', kind: 'number' },
            { title: 'Share of the trained model', kind: 'number' },
            { title: 'Shares that were tried', kind: 'text' },
          ],
          rows: trained.map(({ group, recipe, result }) => [
            studyRecipeEntries[recipe].label,
            group,
            count(result.steps),
            count(result.tokens),
            result.heldOutLoss.before.toFixed(3),
            result.heldOutLoss.after.toFixed(3),
            String(result.merge?.ratio ?? 1),
            candidates(result.merge ?? null),
          ]),
        }),
      ),
      paragraph(
        'Each trained model was merged with its base at the share that held-out notes choose: the best nearest neighbours among those whose loss is within 2 % of the lowest. At a share of 1 no merge was better.',
      ),
    ),
  ];
}

function candidates(merge: Merge | null): string {
  if (merge === null) return '–';
  return merge.candidates
    .map(({ ratio, heldOutLoss, neighbours }) => {
      const near = neighbours === null ? '' : `, neighbours ${percent(neighbours)}`;
      return `${ratio}: loss ${heldOutLoss.toFixed(3)}${near}`;
    })
    .join('; ');
}
