/**
 * Times the measures of an embedding space on made-up embeddings. Given a Python with scikit-learn, the same there on the
 * same vectors: nearest neighbours, silhouette of a sample, Davies-Bouldin, Calinski-Harabasz, k-means and its agreement.
 *
 *     npm run bench -- analyze [--rows N] [--columns N] [--categories N] [--threads N] [--json] [--python PATH]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyseSpace } from '../src/core/analyze/analyse.js';
import { resampleCount } from '../src/core/analyze/space/bootstrap.js';
import { mostMeasured } from '../src/core/analyze/space/pairs.js';
import { createSpace } from '../src/core/analyze/space/space.js';
import { randomResamples } from '../src/core/base/resamples.js';
import { probeData } from './shared/probeData.js';
import { scikitPeer } from './shared/scikitPeer.js';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    columns: { type: 'string', default: '384' },
    categories: { type: 'string', default: '10' },
    threads: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    json: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
  },
});
const [rows, columns, classes] = [flags.rows, flags.columns, flags.categories].map(Number) as [
  number,
  number,
  number,
];
const { values, labels } = probeData({ rows, columns, classes });
const categories = Array.from(labels, (label) => String(label).padStart(3, '0'));

const steps = new Map<string, number>();
let [step, since] = ['preparation', performance.now()];
const begun = since;
const next = (name: string): void => {
  if (name === step) return;
  const now = performance.now();
  steps.set(step, (steps.get(step) ?? 0) + (now - since) / 1000);
  [step, since] = [name, now];
};
const space = createSpace(values, columns, categories);
const found = await analyseSpace(space, {
  settings: { seed: 0, neighbours: 15, edges: 'either', threshold: null, clusters: null },
  groups: null,
  resamples: randomResamples(0, null, resampleCount(rows)),
  shown: [...space.names.keys()].slice(0, 20),
  threads: Number(flags.threads),
  onProgress: next,
});
next('end');
const seconds = (performance.now() - begun) / 1000;
const memory = process.resourceUsage().maxRSS / 1024;
const figures = Object.fromEntries(
  Object.entries(found.figures).flatMap(([name, { value }]) =>
    /^(cell|separation) /.test(name) ? [] : [[name, Number(value.toPrecision(5))]],
  ),
);

const folder = await mkdtemp(join(tmpdir(), 'notespace-analyze-'));
try {
  await writeFile(join(folder, 'embeddings.f32'), values);
  await writeFile(join(folder, 'labels.json'), JSON.stringify([...labels]));
  const sizes = [rows, columns, classes, mostMeasured].map(String);
  const peer = await scikitPeer(flags.python, 'scikit_space.py', [folder, ...sizes]);
  const answers: Record<string, { readonly seconds: number; readonly figures: readonly number[] }> =
    {};
  for (const task of ['neighbours', 'silhouette', 'dispersion', 'k-means'] as const) {
    if (peer === null) break;
    const { seconds: taken, probabilities } = await peer.ask(task, {});
    answers[task] = { seconds: taken, figures: probabilities };
  }
  peer?.close();
  if (flags.json) {
    const own = { seconds, steps: Object.fromEntries(steps), memoryMegabytes: memory, figures };
    console.log(JSON.stringify({ rows, columns, classes, own, peer: answers }));
  } else {
    console.log(`${rows} notes x ${columns}: ${seconds.toFixed(1)} s, ${memory.toFixed(0)} MB`);
    for (const [name, taken] of steps) console.log(`  ${name}: ${taken.toFixed(1)} s`);
    console.log(`  ${JSON.stringify(figures)}`);
    if (peer !== null) console.log(peer.versions);
    for (const [name, answer] of Object.entries(answers)) {
      const given = answer.figures.map((value) => value.toPrecision(5)).join(', ');
      console.log(`  scikit-learn, ${name}: ${answer.seconds.toFixed(1)} s (${given})`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
