/** Which settings of a run decide what one of its losses measures. */
import type { ComparedRun } from '../../src/protocol/panels.js';

const losses = {
  mlm: ['mlm'],
  declutr: ['ntXent', 'mlm'],
  'note-category': ['mlm', 'category'],
} as const satisfies Record<ComparedRun['objective'], readonly string[]>;

const masking = ['mlmProbability', 'wholeWordMasking'];
const spans = ['anchorsPerDocument', 'positivesPerAnchor', 'samplingStrategy', 'temperature'];
const contrast = ['batchDocuments', 'gradientAccumulationSteps'];

/** @param loss one of its losses; `null`: their weighted sum */
export function settingsBehind(run: ComparedRun, loss: string | null): readonly string[] {
  if (loss === null) {
    return ['lossWeights', ...losses[run.objective].flatMap((name) => ofLoss(run, name))];
  }
  return losses[run.objective].some((name) => name === loss) ? ofLoss(run, loss) : [];
}

function ofLoss({ settings }: ComparedRun, loss: string): readonly string[] {
  switch (loss) {
    case 'mlm':
      return masking;
    case 'ntXent':
      return [...spans, ...contrast];
    case 'category':
      return settings['categoryLoss'] === '"sup-con"'
        ? ['categoryLoss', 'categoryWeights', 'categoryTemperature', ...contrast]
        : ['categoryLoss', 'categoryWeights'];
    default:
      return [];
  }
}
