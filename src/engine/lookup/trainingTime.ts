/** How long a pre-training would take on this machine, before one is started. */
import { join } from 'node:path';
import { trainingBackend } from '../../core/backend/registry.js';
import { usageError } from '../../core/base/errors.js';
import type { Document } from '../../core/corpus/document.js';
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { splitDocuments } from '../../core/corpus/split.js';
import { describeModel } from '../../core/model/describeModel.js';
import { readModelConfig } from '../../core/model/readModelConfig.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { countCategories } from '../../core/objectives/categories.js';
import { objectives } from '../../core/objectives/registry.js';
import { trainingDefaults } from '../../core/train/config.js';
import { readData } from '../../core/train/runData.js';
import { estimateTime } from '../../core/train/timeLimit.js';
import type { TrainOptions } from '../../core/train/trainingRun.js';
import { automatic } from '../../protocol/catalogue/devices.js';
import type { TrainingEstimate, TrainingEstimateParams } from '../../protocol/lookup.js';
import { installedModel } from '../bundledModel.js';
import { earlierSpeed } from '../earlierSpeed.js';
import { jobThreads } from '../resources.js';
import type { QueryOptions } from './queries.js';

/** Enough to know how long notes are. */
const mostNotes = 500;
const seed = 0;

export async function estimateTraining(
  params: TrainingEstimateParams,
  { bundledModel, cacheFolder }: Pick<QueryOptions, 'bundledModel' | 'cacheFolder'>,
  signal: AbortSignal,
): Promise<TrainingEstimate> {
  const folder =
    bundledModel === undefined ? params.base : await installedModel(params.base, bundledModel);
  const { config } = await readModelConfig(folder);
  const { hasMlmHead } = await describeModel(folder);
  const { documents, isWhole } = await firstDocuments(params, signal);
  const { train, heldOut } = splitDocuments(documents, {
    seed,
    fractions: { heldOut: trainingDefaults.heldOutFraction },
  });
  const earlier = await earlierSpeed(params.runs, params);
  const nothing = (): void => undefined;
  const options: TrainOptions = {
    backend: trainingBackend(automatic.name),
    objective: objectives[params.objective]({
      config,
      settings: trainingDefaults,
      categories: countCategories(train),
    }),
    config,
    parameters: new Map(), // nothing is trained
    newHead: !hasMlmHead,
    tokenizer: await readTokenizer(folder, config),
    trainDocuments: train,
    heldOutDocuments: heldOut,
    training: trainingDefaults,
    seed,
    threads: jobThreads(process.env),
    checkpointFolder: join(cacheFolder, 'estimates'),
    resume: false,
    signal,
    onMetrics: nothing,
    onProgress: nothing,
    now: () => performance.now(),
    ...(earlier === null ? {} : { usualShare: earlier.share }),
  };
  const { stepsPerEpoch, ...times } = await estimateTime(options, await readData(options));
  return {
    ...times,
    stepsPerEpoch: isWhole ? stepsPerEpoch : null,
    run: earlier?.run ?? null,
  };
}

async function firstDocuments(
  { corpus: spec }: TrainingEstimateParams,
  signal: AbortSignal,
): Promise<{ documents: readonly Document[]; isWhole: boolean }> {
  const corpus = await openCorpus(spec, signal, 'panel');
  const documents: Document[] = [];
  for await (const document of corpus.read(signal)) {
    documents.push(document);
    if (documents.length === mostNotes) return { documents, isWhole: false };
  }
  if (documents.length < 2) throw usageError('There are too few notes to train on.');
  return { documents, isWhole: true };
}
