/**
 * Projects a store's documents to two dimensions by UMAP, finds groups among their neighbours, and writes both next to
 * their vectors.
 */
import { countedTerms, mapGroups } from '../../core/analyze/mapGroups.js';
import { writeMapGroups } from '../../core/analyze/mapGroupsFile.js';
import { projectUmap } from '../../core/analyze/projection.js';
import { writeProjection } from '../../core/analyze/projectionFile.js';
import { usageError } from '../../core/base/errors.js';
import { openStore } from '../../core/index/store.js';
import { storedTerms } from '../../core/index/terms/storedTerms.js';
import { allDocumentVectors } from '../../core/index/vectors.js';
import type { ProjectJob, ProjectResult } from '../../protocol/projection.js';
import type { JobContext } from './context.js';

const phase = 'Drawing the map';

export async function runProjectJob(spec: ProjectJob, context: JobContext): Promise<ProjectResult> {
  const { signal, now, onProgress } = context;
  const begun = now();
  const store = await openStore(spec.store);
  try {
    const { keys, vectors, dimension } = await allDocumentVectors(store);
    const points = keys.length;
    if (points === 0) throw usageError(`The index ${spec.store} holds no notes: index some first.`);
    onProgress({ phase, done: 0, total: null, unit: 'passes' });
    await context.pauseGate();
    const { lists, ...projection } = await projectUmap(vectors, {
      n: points,
      dimension,
      seed: spec.seed,
      signal,
      onProgress: (done, total) => onProgress({ phase, done, total, unit: 'passes' }),
    });
    onProgress({ phase: 'Finding clusters', done: 0, total: null, unit: 'passes' });
    await context.pauseGate();
    const counted = countedTerms(await storedTerms(store, keys));
    await writeMapGroups(store, keys, mapGroups(lists, counted, spec.seed));
    await writeProjection(store, keys, projection);
    return { kind: 'project', points, seconds: (now() - begun) / 1000 };
  } finally {
    await store.close();
  }
}
