/** Lowers a run's window until memory holds a row of it. */
import { longestSequence } from '../encoder/positions.js';
import { predictionSlots } from '../objectives/sampling/masking.js';
import { latestIdentity } from './checkpoint.js';
import { microBatchTokens, needsOfRun } from './needs.js';
import { isTrainedBy, specsOfRun } from './trainedParameters.js';
import type { RunData } from './runData.js';
import type { TrainOptions } from './trainingRun.js';

/** Memory for shorter windows is hardly less, since the parameters' state is most of it. */
const shortest = 128;
const step = 64;
/** For what is known only once sequences share rows, such as the number of their predictions. */
const margin = 0.95;
/** As many sequences as a row may hold; from two on, a bias for every pair of its tokens. */
const sequencesPerRow = 16;

/**
 * The same options where the longest row fits into memory, or none of `shortest` does, which the
 * plan then refuses. Otherwise with the longest window that fits, and a note that says so; a resumed
 * run keeps its window.
 */
export async function withFittingWindow<Options extends TrainOptions>(
  options: Options,
  { dataset, heldOut }: RunData,
): Promise<Options> {
  const { config, training, resume, checkpointFolder, availableMemoryBytes, onNote } = options;
  const saved = resume ? await latestIdentity(checkpointFolder) : null;
  if (saved !== null) {
    const { window } = saved;
    return typeof window === 'number' ? { ...options, window } : options;
  }
  if (availableMemoryBytes === undefined) return options;
  const specs = specsOfRun(config, options.objective, training.lora);
  const notes = [...dataset.documents, ...heldOut.documents];
  const longestNote = notes.reduce((longest, { ids }) => Math.max(longest, ids.length + 2), 0);
  const longest = Math.min(
    training.maxLength ?? Infinity,
    longestSequence(config),
    Math.max(longestNote, microBatchTokens(specs, training.batchTokens)),
  );
  const fits = (window: number): boolean =>
    memoryBytes(options, specs, window) <= margin * availableMemoryBytes;
  if (longest <= shortest || fits(longest) || !fits(shortest)) return options;
  let [below, above] = [shortest / step, Math.ceil(longest / step)];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (fits(middle * step)) below = middle;
    else above = middle;
  }
  const window = below * step;
  onNote?.(
    `Memory is short, so notes are read in windows of ${window} tokens, not of ${longest}: close other programs or set lora or frozenLayers for longer ones.`,
  );
  return { ...options, window };
}

/** Needed to train on single rows of `window` tokens. */
function memoryBytes(
  { backend, config, objective, training, threads, seed, newHead }: TrainOptions,
  specs: ReturnType<typeof specsOfRun>,
  window: number,
): number {
  const shape = {
    batchSize: 1,
    sequenceLength: window,
    sequencesPerRow,
    predictions: predictionSlots(window, training.mlmProbability),
  };
  const { memory } = backend.layOut(
    {
      config,
      objective,
      shapes: [shape],
      stepCapacity: 0,
      lora: training.lora,
      threads,
      lossWeights: objective.lossWeights,
      specs,
      isTrained: isTrainedBy(training, config, newHead ?? false),
      // Nothing is trained here.
      optimizer: { beta1: 0, beta2: 0, epsilon: 0, weightDecay: 0, maxGradNorm: 0 },
      seed,
    },
    1,
  );
  return needsOfRun({
    memory,
    stepLossBytes: 0,
    parameterCount: 0,
    checkpoints: 0,
    writtenBytes: 0,
  }).memoryBytes;
}
