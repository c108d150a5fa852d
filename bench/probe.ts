/**
 * Times the frozen probe (logistic regression on 10,000 embeddings of 768 numbers, 10 classes) and
 * TF-IDF with logistic regression on 10,000 notes. Given a Python with scikit-learn, does the same
 * there in turn, and prints the ratio of each pair of fits.
 *
 *     npm run bench -- probe [--rows N] [--rounds N] [--threads N] [--json] [--python PATH]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { regularisationGrids } from '../src/core/evaluate/logistic/chooseC.js';
import { denseMatrix, sparseMatrix } from '../src/core/evaluate/logistic/featureMatrix.js';
import type { FeatureMatrix } from '../src/core/evaluate/logistic/featureMatrix.js';
import { gemmMatrix } from '../src/core/evaluate/logistic/gemmMatrix.js';
import {
  classProbabilities,
  logisticFitter,
} from '../src/core/evaluate/logistic/logisticRegression.js';
import type { LogisticModel } from '../src/core/evaluate/logistic/logisticRegression.js';
import { fitTfIdf, tfIdfBaseline } from '../src/core/evaluate/words/tfIdf.js';
import { probeData } from './shared/probeData.js';
import { quartiles, showQuartiles } from './shared/quartiles.js';
import { scikitPeer } from './shared/scikitPeer.js';
import type { PeerAnswer } from './shared/scikitPeer.js';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    json: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
  },
});
const [columns, classes] = [768, 10];
const rows = Number(flags.rows);
const threads = Number(flags.threads);
const { values, labels, notes } = probeData({ rows, columns, classes });

interface Fit {
  readonly iterations: number;
  /** Of the first notes. */
  readonly probabilities: Float64Array;
}

interface Task {
  readonly title: string;
  /** What the peer calls it; more than one where it has a choice. */
  readonly peers: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly fit: () => Promise<Fit>;
}

async function fitted(
  features: FeatureMatrix,
  first: FeatureMatrix,
  grid: readonly number[],
  tolerance: number,
): Promise<Fit> {
  const fitter = logisticFitter(features, labels, { classes, tolerance, mostIterations: 100_000 });
  let model: LogisticModel | null = null;
  let iterations = 0;
  for (const c of grid) {
    model = await fitter.fit(c);
    iterations += model.iterations;
  }
  if (model === null) throw new Error('the grid is empty');
  return { iterations, probabilities: await classProbabilities(model, first) };
}

function embeddingTask(title: string, grid: readonly number[], tolerance: number): Task {
  const alone = grid.length === 1;
  const kind = alone ? 'probe' : 'grid';
  return {
    title,
    peers: [`${kind} float32`, `${kind} float64`],
    options: alone ? { c: grid[0], tolerance } : { grid, tolerance },
    async fit() {
      const features = gemmMatrix(values, columns, { threads });
      try {
        const first = denseMatrix(values.subarray(0, 100 * columns), columns);
        return await fitted(features, first, grid, tolerance);
      } finally {
        await features.release();
      }
    },
  };
}

const tasks: readonly Task[] = [
  embeddingTask('frozen probe, C = 1, tolerance 1e-4', [1], 1e-4),
  embeddingTask('frozen probe, C = 100, tolerance 1e-4', [100], 1e-4),
  embeddingTask('frozen probe, C = 1, tolerance 1e-6', [1], 1e-6),
  embeddingTask('eight Cs, tolerance 1e-4', regularisationGrids.decades, 1e-4),
  {
    title: 'TF-IDF and logistic regression, C = 10, tolerance 1e-4',
    peers: ['text'],
    options: { c: 10, tolerance: 1e-4 },
    fit() {
      const tfIdf = fitTfIdf(notes, tfIdfBaseline);
      const first = sparseMatrix(tfIdf.transform(notes.slice(0, 100)));
      return fitted(sparseMatrix(tfIdf.rows), first, [10], 1e-4);
    },
  },
];

const folder = await mkdtemp(join(tmpdir(), 'notespace-probe-'));
try {
  await writeFile(join(folder, 'embeddings.f32'), values);
  await writeFile(join(folder, 'labels.json'), JSON.stringify([...labels]));
  await writeFile(join(folder, 'notes.json'), JSON.stringify(notes));
  const sizes = [rows, columns, classes].map(String);
  const peer = await scikitPeer(flags.python, 'scikit_probe.py', [folder, ...sizes]);
  if (peer !== null && !flags.json) console.log(peer.versions);
  for (const task of tasks) {
    const own: Timed[] = [];
    const theirs = new Map<string, PeerAnswer[]>();
    let fit: Fit | null = null;
    for (let round = 0; round < Number(flags.rounds); round++) {
      fit = await timed(task.fit, own);
      if (peer === null) continue;
      for (const name of task.peers) {
        const answer = await peer.ask(name, task.options);
        theirs.set(name, [...(theirs.get(name) ?? []), answer]);
      }
    }
    if (fit !== null) report(task.title, fit, own, theirs);
  }
  peer?.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

type Timed = Pick<PeerAnswer, 'seconds' | 'processorSeconds'>;

async function timed(work: () => Promise<Fit>, into: Timed[]): Promise<Fit> {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  into.push({ seconds, processorSeconds: (user + system) / 1e6 });
  return result;
}

function report(
  title: string,
  fit: Fit,
  own: readonly Timed[],
  theirs: ReadonlyMap<string, readonly PeerAnswer[]>,
): void {
  const peers = [...theirs].map(([peer, answers]) => ({
    peer,
    iterations: answers[0]?.iterations ?? 0,
    seconds: quartiles(answers.map(({ seconds }) => seconds)),
    ratio: quartiles(answers.map(({ seconds }, i) => own[i]!.seconds / seconds)),
    processorRatio: quartiles(
      answers.map(({ processorSeconds }, i) => own[i]!.processorSeconds / processorSeconds),
    ),
    largestDifference: (answers[0]?.probabilities ?? []).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - fit.probabilities[i]!)),
      0,
    ),
  }));
  const { iterations } = fit;
  const seconds = quartiles(own.map((each) => each.seconds));
  if (flags.json) {
    console.log(JSON.stringify({ title, rows, threads, iterations, seconds, peers }));
    return;
  }
  console.log(`${title}: ${showQuartiles(seconds, 2)} s, ${iterations} iterations`);
  for (const each of peers) {
    console.log(
      [
        `  scikit-learn, ${each.peer}: ${showQuartiles(each.seconds, 2)} s, ${each.iterations} iterations`,
        `ours takes ${showQuartiles(each.ratio, 2)} of its time, ${showQuartiles(each.processorRatio, 2)} of its processor time`,
        `probabilities differ by up to ${each.largestDifference.toExponential(0)}`,
      ].join('; '),
    );
  }
}
