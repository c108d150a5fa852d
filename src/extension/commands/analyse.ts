/** Measures the embedding spaces of models: asks for missing arguments, starts the run and shows it. */
import type { AnalyzeJob } from '../../protocol/analysis.js';
import { usualNeighbours } from '../../protocol/catalogue/analysis.js';
import type { EdgeRule } from '../../protocol/catalogue/analysis.js';
import {
  clustersStep,
  edgesStep,
  neighboursStep,
  settingsStep,
  thresholdStep,
} from '../ask/analyseSteps.js';
import type { AnalyseAnswers } from '../ask/analyseSteps.js';
import { corpusFor } from '../ask/choices.js';
import { corpusAndModelsStep, modelsStep, tickedModels } from '../ask/modelsStep.js';
import { given as answered } from '../ask/given.js';
import { askSteps } from '../ask/steps.js';
import { readSettings } from '../settings.js';
import { requireTrust } from '../trust.js';
import { jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { resumeRun, showRun, watchRun } from './runsOfKind.js';
import type { KindOfRun, RunArguments } from './runsOfKind.js';

export interface AnalyseArguments {
  readonly corpus?: string | undefined;
  /** A run whose model is compared with the one that it started from. */
  readonly run?: string | undefined;
  readonly neighbours?: number | undefined;
  readonly edges?: EdgeRule | undefined;
  readonly threshold?: number | undefined;
  readonly clusters?: number | undefined;
}

const analyses: KindOfRun = {
  kind: 'analyze',
  noun: 'analysis',
  maker: 'Analyse Embedding Space…',
  panel: ({ analysis }) => analysis,
};

export async function analyse(
  workbench: Workbench,
  given: AnalyseArguments | null,
): Promise<{ run: string }> {
  requireTrust();
  const { corpora } = workbench;
  const corpus = await corpusFor(workbench, given?.corpus);
  const first: AnalyseAnswers = {
    corpus,
    ...(await tickedModels(workbench, corpus, given?.run)),
    settings: 'usual',
    neighbours: given?.neighbours ?? usualNeighbours,
    edges: given?.edges ?? 'either',
    threshold: given?.threshold ?? null,
    clusters: given?.clusters ?? null,
  };
  if (given !== null) return start(workbench, first);
  const steps = [
    ...(corpora.all().length > 1 ? [corpusAndModelsStep<AnalyseAnswers>(workbench)] : []),
    modelsStep<AnalyseAnswers>(workbench, {
      placeholder: 'Which models? Several are compared on notes that none was trained on',
      needsMlmHead: () => false,
    }),
    settingsStep(),
    neighboursStep(),
    edgesStep(),
    thresholdStep(),
    clustersStep(),
  ];
  return start(workbench, await askSteps('Analyse Embedding Space', first, steps));
}

async function start(workbench: Workbench, answers: AnalyseAnswers): Promise<{ run: string }> {
  const { corpora, jobs } = workbench;
  const corpus = await corpora.claim(answered(answers.corpus));
  const { models, seed, neighbours, edges, threshold, clusters } = answers;
  const spec: AnalyzeJob = {
    kind: 'analyze',
    corpus: corpus.spec,
    models,
    device: readSettings(corpus.workspaceFolder.uri).device,
    ...{ seed, neighbours, edges, threshold, clusters },
    // The panel opens the notes that have a passage; none of their text goes into the report.
    withText: false,
    // Its vectors are used where its model is analysed.
    store: corpus.store,
  };
  const folder = await jobs.start(corpus.runs, spec);
  watchRun(workbench, analyses, folder, jobTitle(spec, corpus.name));
  return { run: folder };
}

/** Opens the given analysis, or else one that is at work, or else the newest. */
export function showAnalysis(workbench: Workbench, given: RunArguments | null): Promise<void> {
  return showRun(workbench, analyses, given);
}

/** Goes on with an analysis that was stopped: models that were measured are not measured again. */
export function resumeAnalysis(
  workbench: Workbench,
  given: RunArguments | null,
): Promise<{ run: string }> {
  return resumeRun(workbench, analyses, given);
}
