/**
 * What training costs: processor seconds per million tokens for full training, LoRA and frozen
 * embeddings at each size, and with `--shapes` the time of a step along length, batch, width and
 * layers.
 *
 *     npm run bench -- cost [--sizes 4x256,6x384,12x768] [--shapes] [--threads N] [--steps N]
 *
 * Processor time says most on a machine that others use, with one thread above all: it holds no
 * waiting.
 */
import { parseArgs } from 'node:util';
import { mlm } from '../src/core/objectives/mlm.js';
import type { TrainingConfig } from '../src/core/train/config.js';
import { allTurns } from './shared/contender.js';
import { ownSteps } from './shared/ownSteps.js';
import { quartiles, showQuartiles } from './shared/quartiles.js';
import { benchDocuments, benchSize, sizeParts } from './shared/syntheticNotes.js';
import type { BenchSizeName, SizeParts } from './shared/syntheticNotes.js';

const warmUpSteps = 1;

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: Object.keys(sizeParts).join() },
    shapes: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    steps: { type: 'string', default: '5' },
  },
});
const [threads, steps] = [Number(flags.threads), Number(flags.steps)];

const ways: Readonly<Record<string, Partial<TrainingConfig>>> = {
  'full training': {},
  'embeddings frozen': { freezeEmbeddings: true },
  'LoRA of query and value, rank 8': {
    lora: { rank: 8, alpha: 16, dropout: 0.05, modules: ['query', 'value'] },
  },
};

console.log(
  `Masked language modelling, dropout on, ${threads} threads, ${steps} steps of each\n\n| | processor seconds per million tokens | ms/step |\n|---|---|---|`,
);
for (const name of flags.sizes.split(',') as BenchSizeName[]) {
  for (const [way, training] of Object.entries(ways)) {
    console.log(await line(`${name}, ${way}`, sizeParts[name], training));
  }
}
if (flags.shapes) {
  const from = sizeParts['4x256'];
  const along: readonly (readonly [string, Partial<SizeParts>])[] = [
    ...[64, 128, 256, 512].map(
      (length) => [`length ${length}`, { length, sequences: 2048 / length }] as const,
    ),
    ...[4, 8, 16, 32].map((sequences) => [`batch of ${sequences}`, { sequences }] as const),
    ...[128, 256, 384, 512].map(
      (width) => [`width ${width}`, { width, heads: width / 64 }] as const,
    ),
    ...[2, 4, 8, 12].map((layers) => [`${layers} layers`, { layers }] as const),
  ];
  for (const [name, change] of along) console.log(await line(name, { ...from, ...change }, {}));
}

async function line(
  name: string,
  parts: SizeParts,
  training: Partial<TrainingConfig>,
): Promise<string> {
  const size = benchSize(parts);
  const { sequences, length } = size.batch;
  const ours = await ownSteps({
    size,
    objective: mlm,
    training: { ...training, batchTokens: sequences * length },
    documents: benchDocuments(size, 8 * sequences, length - 2),
    heldOutDocuments: benchDocuments(size, 1, length - 2),
    threads,
    steps: warmUpSteps + steps,
  });
  await ours.warmUp(warmUpSteps);
  const turn = await ours.advance(steps);
  await ours.release();
  const { tokens, processorSeconds } = allTurns([turn]);
  const cost = ((1e6 * processorSeconds) / tokens).toFixed(0);
  return `| ${name} | ${cost} | ${showQuartiles(quartiles(turn.milliseconds), 0)} |`;
}
