/** How parts and models of a study are called. */
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { studyRecipeEntries } from '../../protocol/catalogue/study.js';
import type { StudyPart } from './study.js';

/** "Masked tokens, bundled" */
export function partLabel(part: StudyPart): string {
  return `${taskOf(part)}, ${part.group}`;
}

function taskOf(part: StudyPart): string {
  switch (part.kind) {
    case 'train':
      return studyRecipeEntries[part.recipe].label;
    case 'frozen':
      return `${protocolEntries.frozen.label} (${part.target})`;
    case 'fine-tuned':
      return `${protocolEntries['fine-tuning'].label} (${part.target}, ${labels(part.shots)})`;
    case 'space':
      return 'Embedding spaces';
    case 'forgotten-words':
      return 'Masked words of other notes';
    case 'forgotten-space':
      return 'Neighbours among other notes';
  }
}

function labels(shots: number | 'all'): string {
  return shots === 'all' ? 'all labels' : `${shots} labels per class`;
}
