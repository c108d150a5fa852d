/** Times optimizer steps of the 4 x 256 model, each next to ONNX Runtime's own matrix product. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trainingBackend } from '../../src/core/backend/registry.js';
import { createRandom } from '../../src/core/base/random.js';
import type { Document } from '../../src/core/corpus/document.js';
import { parameterSpecs } from '../../src/core/encoder/declarations.js';
import { initialParameters } from '../../src/core/encoder/parameters.js';
import { createGemmProbe } from '../../src/core/graph/gemmProbe.js';
import type { CreateObjective } from '../../src/core/objectives/objective.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import type { TrainingConfig } from '../../src/core/train/config.js';
import { trainStep } from '../../src/core/train/step.js';
import { prepareRun } from '../../src/core/train/trainingRun.js';
import { runPeer } from './peer.js';
import { quartiles, showQuartiles } from './quartiles.js';
import { benchConfig, benchTokenizer } from './syntheticNotes.js';

const warmUpSteps = 5;
const probesPerStep = 10;

export interface StepBenchmark {
  /** What a step processes, for the first line of the report. */
  readonly title: string;
  readonly objective: CreateObjective;
  readonly training: Partial<TrainingConfig>;
  readonly documents: readonly Document[];
  readonly heldOutDocuments: readonly Document[];
  /** A script in bench/peers that accepts `--threads` and `--steps`. */
  readonly peer: string;
}

/** Reads `--threads`, `--steps`, `--python` and `--json` from the command line and reports. */
export async function benchmarkSteps(benchmark: StepBenchmark): Promise<void> {
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
  const model = `${benchConfig.hiddenLayers}x${benchConfig.hiddenSize}, vocabulary ${benchConfig.vocabularySize}`;
  const result = {
    format: 1,
    model,
    threads,
    processor: cpus()[0]?.model ?? 'unknown',
    steps,
    ...(await timeSteps(benchmark, threads, steps)),
  };
  if (values.json) {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(`${model}, ${benchmark.title}, dropout on, ${threads} threads`);
  console.log(`${result.processor}; median [quartiles] of ${steps} steps`);
  console.log(`  ms/step            ${showQuartiles(result.millisecondsPerStep, 0)}`);
  console.log(`  tokens/step        ${showQuartiles(result.tokensPerStep, 0)}`);
  console.log(`  tokens/s           ${showQuartiles(result.tokensPerSecond, 0)}`);
  console.log(`  share of GEMM peak ${showQuartiles(result.gemmShare, 2)}`);
  console.log(`  peak memory        ${(result.peakMemoryBytes / 1e6).toFixed(0)} MB`);
  const { python } = values;
  runPeer(python, benchmark.peer, ['--threads', values.threads, '--steps', values.steps]);
}

async function timeSteps(
  { objective, training: overrides, documents, heldOutDocuments }: StepBenchmark,
  threads: number,
  steps: number,
) {
  const now = (): number => performance.now();
  const ignore = (): void => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'notespace-bench-'));
  try {
    const training = parseTrainingConfig({ ...overrides, maxSteps: warmUpSteps + steps });
    const specs = parameterSpecs(benchConfig, { mlmHead: true });
    const run = await prepareRun({
      backend: trainingBackend('cpu'),
      objective: objective({ config: benchConfig, settings: training, categories: [] }),
      config: benchConfig,
      parameters: initialParameters(specs, benchConfig, createRandom(1, 'bench')),
      tokenizer: benchTokenizer,
      trainDocuments: documents,
      heldOutDocuments,
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
    const tokensPerStep: number[] = [];
    const tokensPerSecond: number[] = [];
    const shares: number[] = [];
    for (let step = 0; step < warmUpSteps + steps; step++) {
      const start = now();
      const { tokens, flops } = await trainStep(run, step);
      const elapsed = now() - start;
      if (step < warmUpSteps) continue;
      let gigaflops = 0;
      for (let i = 0; i < probesPerStep; i++)
        gigaflops = Math.max(gigaflops, await probe.measure());
      milliseconds.push(elapsed);
      tokensPerStep.push(tokens);
      tokensPerSecond.push((tokens / elapsed) * 1000);
      shares.push(flops / (elapsed * 1e6) / gigaflops);
    }
    await probe.release();
    await run.prepared.release();
    return {
      millisecondsPerStep: quartiles(milliseconds),
      tokensPerStep: quartiles(tokensPerStep),
      tokensPerSecond: quartiles(tokensPerSecond),
      gemmShare: quartiles(shares),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
