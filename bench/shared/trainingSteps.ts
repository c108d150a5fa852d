/** Times optimizer steps, ours and those of a script in PyTorch afterwards. */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { allTurns } from './contender.js';
import type { Turn } from './contender.js';
import { ownSteps } from './ownSteps.js';
import type { OwnStepsOptions } from './ownSteps.js';
import { runPeer } from './peer.js';
import { quartiles, showQuartiles } from './quartiles.js';

const warmUpSteps = 5;

export interface StepBenchmark extends Omit<OwnStepsOptions, 'threads' | 'steps'> {
  /** What a step processes, for the first line of the report. */
  readonly title: string;
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
  const [threads, steps] = [Number(values.threads), Number(values.steps)];
  const { config } = benchmark.size;
  const model = `${config.hiddenLayers}x${config.hiddenSize}, vocabulary ${config.vocabularySize}`;
  const ours = await ownSteps({ ...benchmark, threads, steps: warmUpSteps + steps });
  await ours.warmUp(warmUpSteps);
  const turns: Turn[] = [];
  for (let step = 0; step < steps; step++) turns.push(await ours.advance(1));
  const milliseconds = turns.flatMap((turn) => turn.milliseconds);
  const result = {
    format: 1,
    model,
    threads,
    processor: cpus()[0]?.model ?? 'unknown',
    steps,
    millisecondsPerStep: quartiles(milliseconds),
    tokensPerStep: quartiles(turns.map(({ tokens }) => tokens)),
    tokensPerSecond: quartiles(turns.map(({ tokens }, i) => (tokens / milliseconds[i]!) * 1000)),
    gemmShare: quartiles(ours.shares),
    peakMemoryBytes: allTurns(turns).peakBytes,
  };
  await ours.release();
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
