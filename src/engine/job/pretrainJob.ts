/** Pre-training: corpus -> train split -> trainer -> model folder. Loads no vector store. */
import { dirname, join } from 'node:path';

import { trainingBackend } from '../../core/backend/registry.js';
import { throwIfAborted, usageError } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import { hasOwnSplit, splitDocuments } from '../../core/corpus/split.js';
import { longestSequence } from '../../core/encoder/positions.js';
import { seenByBase } from '../../core/evaluate/seenByBase.js';
import { readModel } from '../../core/model/readModel.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { overlap } from '../../core/model/trainingHashes.js';
import { countCategories } from '../../core/objectives/categories.js';
import { usesMlmHead } from '../../core/objectives/loss.js';
import { objectives } from '../../core/objectives/registry.js';
import { casedVocabularyRemark } from '../../core/tokens/casedVocabulary.js';
import { parseTrainingConfig } from '../../core/train/config.js';
import { train } from '../../core/train/trainer.js';
import { unusedSettings } from '../../core/train/unusedSettings.js';
import { runFileNames } from '../../protocol/run.js';
import type { PretrainJob, PretrainResult } from '../../protocol/pretraining.js';
import { checkDevice, chooseTrainingDevice } from '../devices.js';
import { earlierSpeed } from '../earlierSpeed.js';
import { availableMemoryBytes } from '../resources.js';
import type { JobContext } from './context.js';
import { loadDocuments } from './documents.js';
import { withHeldMemory } from './heldMemory.js';
import { neighbourScore, withFolder } from './neighbourScore.js';
import {
  mergeSentence,
  writeBaseWithHead,
  writeCandidate,
  writeTrainedModel,
} from './pretrainedModels.js';

export async function runPretrainJob(
  spec: PretrainJob,
  context: JobContext,
): Promise<PretrainResult> {
  const { runFolder, signal, now, onProgress } = context;
  if (runFolder === null) throw new Error('Pre-training needs a run folder.');
  checkDevice('train', spec.device);
  const training = parseTrainingConfig({
    ...spec.config,
    ...(spec.maxSteps === null ? {} : { maxSteps: spec.maxSteps }),
  });
  const { device, reason } = await chooseTrainingDevice(spec.device, {
    cacheFolder: context.cacheFolder,
    threads: context.threads,
    onProgress,
    signal,
  });
  const backend = trainingBackend(device);
  const base = await readModel(spec.base);
  const tokenizer = await readTokenizer(spec.base, base.config);
  const cased = casedVocabularyRemark(tokenizer);
  if (cased !== null) context.note(cased);
  const { corpus, documents } = await loadDocuments(spec.corpus, context);
  const unused = unusedSettings(spec.config, training, {
    objective: spec.objective,
    window: longestSequence(base.config),
    hasMlmHead: base.hasMlmHead,
    hasOwnSplit: hasOwnSplit(documents),
  });
  if (unused !== null) context.note(unused);
  const split = splitDocuments(documents, {
    seed: spec.seed,
    fractions: { heldOut: training.heldOutFraction },
  });
  if (split.train.length === 0 || split.heldOut.length === 0) {
    throw usageError(
      'The notes cannot be split into training and held-out notes, since all belong together: add notes of other patients.',
    );
  }
  const heldOutTexts = split.heldOut.map(({ text }) => text);
  const seen = base.trainingHashes && overlap(base.trainingHashes, heldOutTexts).length;
  const warning = seenByBase(seen, split.heldOut.length);
  if (warning !== null) context.note(warning);
  const objective = objectives[spec.objective]({
    config: base.config,
    settings: training,
    categories: countCategories(split.train),
  });
  if (
    base.head === 'ownOutput' &&
    usesMlmHead([...(objective.first?.losses ?? []), ...objective.losses])
  ) {
    throw usageError(
      'The base has an output matrix of its own for masked tokens, which this training would lose: choose a base with tied embeddings, or an objective without masked tokens.',
    );
  }
  const source = { spec, base, tokenizer, trainDocuments: split.train };
  const neighbours = neighbourScore(split.heldOut, spec.seed, context);
  const baseWithHead = join(runFolder, runFileNames.baseWithHead);
  const candidate = join(runFolder, '.candidate');
  const earlier = await earlierSpeed(dirname(runFolder), spec);
  const heldBefore = process.memoryUsage.rss();
  const free = availableMemoryBytes();
  const result = await train({
    backend,
    objective,
    config: base.config,
    parameters: base.parameters,
    baseHash: base.hash,
    newHead: !base.hasMlmHead,
    poolings: base.sentence.poolings,
    tokenizer,
    trainDocuments: split.train,
    heldOutDocuments: split.heldOut,
    training,
    seed: spec.seed,
    threads: context.threads,
    checkpointFolder: join(runFolder, runFileNames.checkpoints),
    resume: spec.resume,
    signal,
    pauseGate: context.pauseGate,
    isFinishing: () => spec.finish === true || context.isFinishing(),
    onProgress,
    onNote: context.note,
    onMetrics: (metrics) =>
      context.onMetrics({
        format: 1,
        time: now(),
        memoryBytes: process.memoryUsage.rss(),
        ...metrics,
      }),
    onPlan: (plan) => {
      const held = process.memoryUsage.rss();
      const peak = 1024 * process.resourceUsage().maxRSS;
      const whole = withHeldMemory(plan, { heldBefore, held, peak });
      context.onPlan({ ...whole, ...(reason === null ? {} : { deviceReason: reason }) });
    },
    onWarmedUp: (parameters, counts) => writeBaseWithHead(baseWithHead, source, parameters, counts),
    scoreNeighbours: (parameters) =>
      withFolder(candidate, async () => {
        await writeCandidate(candidate, source, parameters);
        return neighbours.score(candidate);
      }),
    now: () => performance.now(),
    availableMemoryBytes: free,
    ...(earlier === null ? {} : { usualShare: earlier.share }),
  });
  throwIfAborted(signal);
  onProgress({ phase: 'Writing the model', done: 0, total: 1, unit: 'models' });
  const model = join(runFolder, runFileNames.model);
  const merge =
    result.merge === null
      ? null
      : {
          ...result.merge,
          neighboursOf: training.mergeWithBase === 'auto' ? neighbours.of : null,
        };
  if (merge !== null) context.note(mergeSentence(merge));
  await writeTrainedModel(model, source, {
    result,
    merge,
    categoryField: corpus.mapping.category,
  });
  onProgress({ phase: 'Writing the model', done: 1, total: 1, unit: 'models' });
  return {
    kind: 'pretrain',
    run: runFolder,
    model,
    steps: result.steps,
    tokens: result.tokens,
    documents: documents.length,
    documentsTrain: split.train.length,
    documentsHeldOut: split.heldOut.length,
    documentsHeldOutSeen: seen,
    documentsSkipped: corpus.skipped + result.documentsSkipped,
    tokensPerSecond: result.tokensPerSecond,
    gemmShare: result.gemmShare,
    loss: result.loss,
    heldOutLoss: result.heldOutLoss,
    ended: result.ended,
    merge,
    baseWithHead: (await exists(baseWithHead)) ? baseWithHead : null,
  };
}
