/** When a job ends: refreshes panels and notifies the user who started it. */
import * as vscode from 'vscode';
import { failure } from '../../core/base/errors.js';
import type { PretrainResult } from '../../protocol/pretraining.js';
import type { JobKind } from '../../protocol/run.js';
import { commandIds } from '../contributions.js';
import { drawMap } from '../commands/showClusters.js';
import { AlreadyAtWork } from './jobs.js';
import type { Job } from './jobs.js';
import { takeNextStep } from './nextSteps.js';
import { canResume } from '../../engine/runs.js';
import { jobTitle, resultText } from '../wording.js';
import type { Workbench } from '../workbench.js';

/** For shorter jobs the user is still watching, so no notification is needed. */
const worthTellingMs = 30_000;

export function reportJobs(workbench: Workbench): vscode.Disposable {
  const { jobs, notices, corpora } = workbench;
  return jobs.onDidEnd((job) => {
    refresh(workbench, job);
    if (job.isOurs) void tell(job).catch((error: unknown) => notices.error(error));
  });

  async function tell(job: Job): Promise<void> {
    const name = corpora.nameOf(job);
    const title = jobTitle(job.spec, name);
    const { status, error, result, notes, startedAt, updatedAt } = job.state;
    if (status === 'failed') {
      await notices.error(failure(`${title} failed. ${error?.message ?? ''}`.trim()));
    } else if (status === 'cancelled') {
      await tellCancelled(job, title);
    } else if (result?.kind === 'pretrain') {
      await offerIndex(job, result, name);
    } else if (result !== null) {
      if (result.kind === 'evaluate') workbench.evaluation.show(job.folder);
      if (result.kind === 'analyze') workbench.analysis.show(job.folder);
      if (result.kind === 'study') workbench.studyReports.show(job.folder);
      const sentence = [resultText(result, name), ...notes].join(' ');
      if (updatedAt - startedAt >= worthTellingMs || notes.length > 0) await notices.info(sentence);
      else notices.brief(sentence);
    }
  }

  async function tellCancelled({ folder, spec, state }: Job, title: string): Promise<void> {
    if (!canResume({ folder, spec, state, name: state.name, model: null })) {
      notices.brief(`${title} was cancelled.`);
      return;
    }
    const kept = spec.kind === 'pretrain' ? 'what it learnt is kept' : 'what is finished is kept';
    const steps = stepsAfter(spec.kind);
    const chosen = await notices.info(`${title} was cancelled; ${kept}.`, ...Object.keys(steps));
    const command = chosen === undefined ? undefined : steps[chosen];
    if (command !== undefined) await vscode.commands.executeCommand(command, { run: folder });
  }

  async function offerIndex(job: Job, result: PretrainResult, name: string): Promise<void> {
    const [index, evaluate] = ['Index with the New Model', 'Evaluate'];
    const { state } = job;
    const sentence = [resultText(result, name), ...state.notes].join(' ');
    const chosen = await notices.info(sentence, index, evaluate);
    if (chosen === undefined) return;
    await takeNextStep(corpora, job, chosen === index ? 'index' : 'evaluate');
  }
}

/** Commands for a run that was stopped, by the buttons that offer them. */
function stepsAfter(kind: JobKind): Readonly<Record<string, string>> {
  switch (kind) {
    case 'pretrain':
      return {
        Resume: commandIds.resumePretraining,
        'Keep the Model': commandIds.finishPretraining,
      };
    case 'evaluate':
      return { Resume: commandIds.resumeEvaluation };
    case 'analyze':
      return { Resume: commandIds.resumeAnalysis };
    case 'study':
      return { Resume: commandIds.resumeStudy };
    case 'index':
    case 'project':
    case 'import':
      return {};
  }
}

function refresh(workbench: Workbench, job: Job): void {
  const { spec, state } = job;
  // The panel must stop saying that an unfinished map is being drawn.
  if (spec.kind === 'project') workbench.clusters.refresh();
  if (state.status === 'done' && spec.kind === 'index') {
    void indexed(workbench, job).catch((error: unknown) => workbench.notices.error(error));
  }
}

/** Lets the new index answer, and refreshes what the old one gave. */
async function indexed(workbench: Workbench, job: Job): Promise<void> {
  await workbench.corpora.load();
  const corpus = workbench.corpora.ofJob(job);
  if (corpus !== null && job.spec.kind === 'index' && corpus.store === job.spec.store) {
    workbench.noteDocuments.refresh();
    workbench.similarNotes.refresh();
    // An open map of the old index is out of date.
    if (workbench.clusters.isShowing(corpus)) {
      void drawMap(workbench, corpus, { inBackground: true }).catch((error: unknown) => {
        if (!(error instanceof AlreadyAtWork)) void workbench.notices.error(error);
      });
    }
  }
}
