/**
 * Times steps of masked language modelling at a fixed shape with dropout, in turns with PyTorch's:
 * as Hugging Face ships it; with logits at the masked positions alone; the same compiled; the same
 * in bf16.
 *
 *     npm run bench -- train [--size 4x256|6x384|12x768] [--threads N] [--steps N] [--python PATH] [--rows NAME,NAME] [--memory] [--json]
 *
 * `--memory` measures the peak of each row's process too, by running each alone. The share of the
 * GEMM peak is that of ONNX Runtime's own matrix product, measured next to each of our steps.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { mlm } from '../src/core/objectives/mlm.js';
import { peerRows, rowPeaks } from './train/peerRows.js';
import type { PeerRowName } from './train/peerRows.js';
import { measuredRow, stepTable } from './train/stepTable.js';
import type { Contender, Turn } from './shared/contender.js';
import { ownSteps } from './shared/ownSteps.js';
import { hasPeers, peerContender, startPeer } from './shared/peerProcess.js';
import { quartiles, showQuartiles } from './shared/quartiles.js';
import { benchDocuments, benchSizes } from './shared/syntheticNotes.js';
import type { BenchSizeName } from './shared/syntheticNotes.js';

const warmUpSteps = 2;
/** Steps of a contender before it is the next one's turn. */
const stepsPerTurn = 2;

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '4x256' },
    threads: { type: 'string', default: String(availableParallelism()) },
    steps: { type: 'string', default: '20' },
    python: { type: 'string', default: 'python3' },
    rows: { type: 'string', default: Object.keys(peerRows).join() },
    memory: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const size = benchSizes[flags.size as BenchSizeName] as
  (typeof benchSizes)[BenchSizeName] | undefined;
if (size === undefined) throw new Error(`--size: ${Object.keys(benchSizes).join(', ')}`);
const { config, batch } = size;
const [threads, steps] = [Number(flags.threads), Number(flags.steps)];

const ours = await ownSteps({
  size,
  objective: mlm,
  training: { batchTokens: batch.sequences * batch.length },
  documents: benchDocuments(size, 32 * batch.sequences, batch.length - 2),
  heldOutDocuments: benchDocuments(size, 1, batch.length - 2),
  threads,
  steps: warmUpSteps + steps + stepsPerTurn,
});
const rowNames = flags.rows.split(',').filter((name): name is PeerRowName => name in peerRows);
const peerArguments = [
  ...['--layers', config.hiddenLayers, '--width', config.hiddenSize],
  ...['--heads', config.attentionHeads, '--vocabulary', config.vocabularySize],
  ...['--batch', batch.sequences, '--length', batch.length, '--threads', threads],
].map(String);
const peer = hasPeers(flags.python)
  ? startPeer(flags.python, 'train_rows.py', peerArguments)
  : null;
try {
  const contenders: { contender: Contender; turns: Turn[] }[] = [{ contender: ours, turns: [] }];
  if (peer === null) {
    console.error(`PyTorch was not compared: ${flags.python} has no torch and transformers.`);
  } else {
    for (const name of rowNames) {
      const contender = peerContender(peerRows[name], peer, name);
      await contender.advance(warmUpSteps);
      contenders.push({ contender, turns: [] });
    }
  }
  await ours.warmUp(warmUpSteps);
  for (let step = 0; step < steps; step += stepsPerTurn) {
    for (const { contender, turns } of contenders)
      turns.push(await contender.advance(stepsPerTurn));
  }
  const peaks =
    flags.memory && peer !== null ? await rowPeaks(flags.python, peerArguments, rowNames) : null;
  const rows = contenders.map(({ contender: { name }, turns }, i) =>
    measuredRow(name, turns, i === 0 ? null : (peaks?.[i - 1] ?? NaN)),
  );
  const report = {
    format: 1,
    size: flags.size,
    vocabulary: config.vocabularySize,
    batch,
    threads,
    processor: cpus()[0]?.model ?? 'unknown',
    steps,
    gemmShare: quartiles(ours.shares),
    rows,
  };
  if (flags.json) console.log(JSON.stringify(report));
  else {
    console.log(
      `${flags.size}, vocabulary ${config.vocabularySize}, ${batch.sequences}x${batch.length} tokens, dropout on, ${threads} threads, ${steps} steps`,
    );
    console.log(
      `${report.processor}; share of the GEMM peak ${showQuartiles(report.gemmShare, 2)}\n`,
    );
    console.log(stepTable(rows));
  }
} finally {
  await peer?.end();
  await ours.release();
}
