/** What an evaluation found. */
import { commandIds } from '../contributions.js';
import { readEvaluation } from '../runs/evaluationFiles.js';
import type { Services } from '../services.js';
import { figuresMessage, reportMessage, withoutText } from './evaluationMessages.js';
import { createRunPanel } from './runPanel.js';
import type { RunPanel } from './runPanel.js';

export function createEvaluation(services: Services): RunPanel {
  return createRunPanel(services, {
    name: 'evaluation',
    title: 'Evaluation',
    kind: 'evaluate',
    resume: commandIds.resumeEvaluation,
    nothingLeft: 'There is no evaluation any more: run "Notespace: Evaluate…" to make one.',
    corpusGone:
      'The corpus of this evaluation is not in this window any more: add it again to open its notes.',
    async load(folder, result, named) {
      if (result.summary === undefined) return { content: figuresMessage(result, named), ids: [] };
      const files = await readEvaluation(folder);
      return { content: reportMessage(files, named), ids: files.outcomes?.ids ?? [] };
    },
    withoutText,
  });
}
