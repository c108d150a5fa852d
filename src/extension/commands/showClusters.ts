import type { ProjectJob } from '../../protocol/projection.js';
import type { Corpus } from '../corpora/corpora.js';
import { showJobProgress } from '../runs/jobProgress.js';
import { jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';

/** Opens the map; draws it first when it is missing or out of date. */
export async function showClusters(
  workbench: Workbench,
  corpus: Corpus,
): Promise<{ run: string | null }> {
  const isMissing = await workbench.clusters.show(corpus);
  return { run: isMissing ? await drawMap(workbench, corpus, { inBackground: false }) : null };
}

/** Starts the `project` job unless it is already running. */
export async function drawMap(
  workbench: Workbench,
  corpus: Corpus,
  options: { readonly inBackground: boolean },
): Promise<string> {
  const { jobs } = workbench;
  const running = jobs
    .running()
    .find(({ spec }) => spec.kind === 'project' && spec.store === corpus.store);
  if (running !== undefined) return running.folder;
  const spec: ProjectJob = { kind: 'project', store: corpus.store, seed: 0 };
  const run = await jobs.start(corpus.runs, spec, options);
  if (!options.inBackground) showJobProgress(workbench, run, jobTitle(spec, corpus.name));
  return run;
}
