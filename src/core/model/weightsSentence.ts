import type { HubModel } from './hubAccess.js';

/** In which form the weights come, for the person who is asked. */
export function weightsSentence({
  weights,
  reference,
}: Pick<HubModel, 'weights' | 'reference'>): string {
  switch (weights) {
    case 'safetensors':
      return 'Its weights come as safetensors.';
    case 'conversion':
      return `Its weights come as safetensors, from the pull request ${reference ?? ''} that converts them.`;
    case 'pickle':
      return 'Its weights come as a pickle, which is read without running anything in it and stored as safetensors.';
  }
}
