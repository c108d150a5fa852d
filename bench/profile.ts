/**
 * Where a training step spends its time: the ops of its graph as ONNX Runtime's profiler times
 * them, and the kernels beside it. Of each node the fastest of all runs counts, so that what else
 * the machine does hardly shows.
 *
 *     npm run bench -- profile [--size 4x256|6x384|12x768] [--rows N] [--threads N] [--runs N] [--model FILE]
 *
 * `--rows` is the number of rows of a micro-batch; `--model` keeps the graph, to look at it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createGemmProbe } from '../src/core/graph/gemmProbe.js';
import { createSession } from '../src/core/graph/session.js';
import { fastestNodes } from './profile/nodes.js';
import { preparedStep } from './profile/preparedStep.js';
import { profileTable } from './profile/profileTable.js';
import { benchSizes } from './shared/syntheticNotes.js';
import type { BenchSizeName } from './shared/syntheticNotes.js';

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '4x256' },
    rows: { type: 'string' },
    threads: { type: 'string', default: '1' },
    runs: { type: 'string', default: '12' },
    model: { type: 'string' },
  },
});
const size = benchSizes[flags.size as BenchSizeName] as
  (typeof benchSizes)[BenchSizeName] | undefined;
if (size === undefined) throw new Error(`--size: ${Object.keys(benchSizes).join(', ')}`);
const rows = Number(flags.rows ?? size.batch.sequences);
const [threads, runs] = [Number(flags.threads), Number(flags.runs)];
const folder = await mkdtemp(join(tmpdir(), 'notespace-profile-'));
try {
  const step = preparedStep(size, rows);
  if (flags.model !== undefined) await writeFile(flags.model, step.graph.bytes);
  const options = { device: 'cpu', threads } as const;
  const session = await createSession(step.graph.bytes, {
    ...options,
    profile: join(folder, 'ort'),
  });
  const probe = await createGemmProbe({ ...options, now: () => performance.now() });
  let gigaflops = 0;
  for (let run = 0; run < runs; run++) {
    await session.run(step.buffers.feeds, step.buffers.outputs);
    step.runKernels();
    gigaflops = Math.max(gigaflops, await probe.measure());
  }
  await probe.release();
  await session.release();
  const nodes = await fastestNodes(folder);
  console.log(
    `${flags.size}, micro-batch of ${rows}x${size.batch.length}, ${threads} threads, fastest of ${runs} runs`,
  );
  console.log(profileTable(nodes, step, gigaflops));
} finally {
  await rm(folder, { recursive: true, force: true });
}
