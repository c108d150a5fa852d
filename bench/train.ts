/**
 * How fast one training step of the 4 x 256 model is, dropout on, as a share of what ONNX Runtime's own
 * matrix product reaches next to it.
 *
 *     npm run bench -- train [--threads N] [--steps N] [--json] [--python PATH]
 *
 * With a Python that has torch and transformers, the same step in PyTorch eager is timed after it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/core/base/random.js';
import { initialParameters, parameterSpecs } from '../src/core/encoder/parameters.js';
import { createGemmProbe } from '../src/core/graph/gemmProbe.js';
import { mlm } from '../src/core/objectives/mlm.js';
import { parseTrainingConfig } from '../src/core/train/config.js';
import { trainStep } from '../src/core/train/step.js';
import { prepareRun } from '../src/core/train/trainingRun.js';
import { runPeer } from './shared/peer.js';
import { quartiles, showQuartiles } from './shared/quartiles.js';
import { benchConfig, benchDocuments, benchTokenizer } from './shared/syntheticNotes.js';

const batch = { sequences: 16, length: 128 };
const warmUpSteps = 5;
const probesPerStep = 10;

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    steps: { type: 'string', default: '20' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'boolean', default: false },
  },
});
const threads = Number(values.threads);
const steps = Number(values.steps);

const folder = mkdtempSync(join(tmpdir(), 'notespace-bench-'));
const ignore = (): void => undefined;
const now = (): number => performance.now();
try {
  const training = parseTrainingConfig({
    batchTokens: batch.sequences * batch.length,
    maxSteps: warmUpSteps + steps,
  });
  const specs = parameterSpecs(benchConfig, { mlmHead: true });
  const run = await prepareRun({
    objective: mlm({ config: benchConfig, settings: training, categories: [] }),
    config: benchConfig,
    parameters: initialParameters(specs, benchConfig, createRandom(1, 'bench')),
    tokenizer: benchTokenizer,
    trainDocuments: benchDocuments(512, batch.length - 2),
    heldOutDocuments: benchDocuments(1, batch.length - 2),
    training,
    seed: 1,
    threads,
    checkpointFolder: folder,
    resume: false,
    onMetrics: ignore,
    onProgress: ignore,
    now,
  });
  const probe = await createGemmProbe({ device: 'cpu', threads, now });
  const milliseconds: number[] = [];
  const tokensPerSecond: number[] = [];
  const shares: number[] = [];
  for (let step = 0; step < warmUpSteps + steps; step++) {
    const start = now();
    const { tokens, flops } = await trainStep(run, step);
    const elapsed = now() - start;
    if (step < warmUpSteps) continue;
    let gigaflops = 0;
    for (let i = 0; i < probesPerStep; i++) gigaflops = Math.max(gigaflops, await probe.measure());
    milliseconds.push(elapsed);
    tokensPerSecond.push((tokens / elapsed) * 1000);
    shares.push(flops / (elapsed * 1e6) / gigaflops);
  }
  await probe.release();
  await run.executor.release();
  const model = `${benchConfig.hiddenLayers}x${benchConfig.hiddenSize}, vocabulary ${benchConfig.vocabularySize}`;
  const result = {
    format: 1,
    model,
    batch,
    threads,
    processor: cpus()[0]?.model ?? 'unknown',
    steps,
    millisecondsPerStep: quartiles(milliseconds),
    tokensPerSecond: quartiles(tokensPerSecond),
    gemmShare: quartiles(shares),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
  if (values.json) {
    console.log(JSON.stringify(result));
  } else {
    console.log(
      `${model}, batch ${batch.sequences}x${batch.length}, dropout on, ${threads} threads`,
    );
    console.log(`${result.processor}; median [quartiles] of ${steps} steps`);
    console.log(`  ms/step            ${showQuartiles(result.millisecondsPerStep, 0)}`);
    console.log(`  tokens/s           ${showQuartiles(result.tokensPerSecond, 0)}`);
    console.log(`  share of GEMM peak ${showQuartiles(result.gemmShare, 2)}`);
    console.log(`  peak memory        ${(result.peakMemoryBytes / 1e6).toFixed(0)} MB`);
    runPeer(values.python, 'pytorch_mlm.py', [
      '--threads',
      values.threads,
      '--steps',
      values.steps,
    ]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
