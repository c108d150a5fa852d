/**
 * Measures a graphics card: whether it gives right answers, how fast it trains and embeds, and what that
 * takes, as a Markdown table to paste.
 *
 *     npm run bench:gpu -- [--device webgpu|cpu] [--size minilm,roberta-base|tiny] [--steps N] [--python PATH]
 *
 * Models have random weights of the true shapes. Each row runs in a process of its own, so that its
 * memory is its own. Given a Python with PyTorch for CUDA, the same steps run there afterwards.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { trainingStepError } from '../src/engine/knownAnswer.js';
import { deviceStepError } from '../src/engine/knownDeviceStep.js';
import { gpuRows, measureRow, sizes } from './shared/gpuRow.js';
import type { GpuRow } from './shared/gpuRow.js';

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'webgpu' },
    size: { type: 'string', default: 'minilm,roberta-base' },
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: String(availableParallelism()) },
    python: { type: 'string', default: 'python3' },
    row: { type: 'string' },
  },
});
const { device } = values;
if (device !== 'webgpu' && device !== 'cpu') throw new Error('--device is webgpu or cpu');
const [steps, threads] = [Number(values.steps), Number(values.threads)];

if (values.row === undefined) report(device);
else await child(values.row, device);

async function child(row: string, on: 'webgpu' | 'cpu'): Promise<void> {
  const [size = '', what = ''] = row.split(' ');
  const line =
    size === 'knownAnswer'
      ? { error: on === 'cpu' ? await trainingStepError(threads) : await deviceStepError() }
      : await measureRow({ size, what, device: on, steps, threads });
  // A driver may crash on its way out.
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
}

function report(on: 'webgpu' | 'cpu'): void {
  const asked = values.size.split(',');
  const unknown = asked.find((name) => !(name in sizes));
  if (unknown !== undefined) throw new Error(`--size is one of ${Object.keys(sizes).join(', ')}`);
  console.log(`${on}; ${cpus()[0]?.model ?? 'unknown processor'}; ${graphicsCard()}\n`);
  const known = run('knownAnswer') as { error: number } | null;
  console.log(`Known answer: largest relative error ${known?.error.toExponential(1) ?? 'none'}\n`);
  console.log('| model | what | tokens/s | sequences/s | memory of the process |');
  console.log('|---|---|---|---|---|');
  for (const size of asked) {
    for (const what of gpuRows) {
      const row = run(`${size} ${what}`) as GpuRow | null;
      console.log(
        row === null
          ? `| ${size} | ${what} | failed | | |`
          : `| ${size} | ${what} | ${row.tokensPerSecond} | ${row.sequencesPerSecond} | ${row.megabytes} MB |`,
      );
    }
  }
  comparePyTorch(asked);
}

function run(row: string): unknown {
  const args = ['--row', row, '--device', values.device, '--steps', values.steps];
  const { stdout, status } = spawnSync(
    process.execPath,
    [process.argv[1] ?? '', ...args, '--threads', values.threads],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = stdout.split('\n').findLast((text) => text.startsWith('{'));
  return status !== 0 || line === undefined ? null : JSON.parse(line);
}

/** What NVIDIA's own tool calls it, if that is there. */
function graphicsCard(): string {
  const { stdout, status } = spawnSync(
    'nvidia-smi',
    ['--query-gpu=name', '--format=csv,noheader'],
    {
      encoding: 'utf8',
    },
  );
  return status === 0 ? stdout.trim() : 'graphics card unknown';
}

function comparePyTorch(asked: readonly string[]): void {
  const { python } = values;
  const check = 'import torch, transformers, sys; sys.exit(0 if torch.cuda.is_available() else 1)';
  if (spawnSync(python, ['-c', check], { stdio: 'ignore' }).status !== 0) {
    console.log(
      `\nPyTorch was not compared: ${python} has none for CUDA (name one with --python).`,
    );
    return;
  }
  const script = fileURLToPath(new URL('./peers/pytorch_gpu.py', import.meta.url));
  for (const size of asked) {
    const { hiddenLayers, hiddenSize, attentionHeads, vocabularySize } = sizes[size]!.config;
    const shape = [hiddenLayers, hiddenSize, attentionHeads, vocabularySize].map(String);
    spawnSync(python, [script, size, ...shape, values.steps], { stdio: 'inherit' });
  }
}
