/** What to do with the model that a pre-training has given. */
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import type { NextStep } from '../../protocol/panels.js';
import { commandIds } from '../contributions.js';
import type { Corpora } from '../corpora/corpora.js';
import type { Job } from './jobs.js';

export async function takeNextStep(
  corpora: Corpora,
  job: Pick<Job, 'folder' | 'spec' | 'state'>,
  step: NextStep,
): Promise<void> {
  const corpus = corpora.ofJob(job);
  if (corpus === null) {
    throw usageError('The corpus of that run is not open here: open its folder, or add it again.');
  }
  const { folder, state } = job;
  const [command, given] =
    step === 'index'
      ? [commandIds.indexNotes, { corpus: corpus.token, model: state.name }]
      : step === 'evaluate'
        ? [commandIds.evaluate, { corpus: corpus.token, run: folder, ask: true }]
        : [commandIds.compareRuns, { runs: [folder] }];
  await vscode.commands.executeCommand(command, given);
}
