/** What an analysis of embedding spaces found. */
import { commandIds } from '../contributions.js';
import { readAnalysis } from '../runs/analysisFile.js';
import type { Services } from '../services.js';
import { contentOf, withoutText } from './analysisMessages.js';
import { createRunPanel } from './runPanel.js';
import type { RunPanel } from './runPanel.js';

export function createAnalysis(services: Services): RunPanel {
  return createRunPanel(services, {
    name: 'analysis',
    title: 'Embedding Space',
    kind: 'analyze',
    resume: commandIds.resumeAnalysis,
    nothingLeft:
      'There is no analysis any more: run "Notespace: Analyse Embedding Space…" to make one.',
    corpusGone:
      'The corpus of this analysis is not in this window any more: add it again to open its notes.',
    load: async (folder, _result, named) => contentOf(await readAnalysis(folder), named),
    withoutText,
  });
}
