import { usageError } from '../../core/base/errors.js';
import type { IndexJob } from '../../protocol/run.js';
import type { Corpus } from '../corpora.js';
import { showJobProgress } from '../jobProgress.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import { jobTitle } from '../wording.js';
import { modelFolder } from './choices.js';

/** Embeds the notes of a corpus with its model, or with another one, which becomes its model. */
export async function indexNotes(
  services: Services,
  corpus: Corpus,
  model = corpus.model,
): Promise<{ run: string }> {
  const { jobs, corpora } = services;
  const isRunning = jobs
    .running()
    .some(({ spec }) => spec.kind === 'index' && spec.store === corpus.store);
  if (isRunning)
    throw usageError(`${corpus.name} is being indexed already: wait for it, or cancel it.`);
  const spec: IndexJob = {
    kind: 'index',
    corpus: corpus.spec,
    model: await modelFolder(services, corpus, model),
    store: corpus.store,
    device: readSettings(corpus.workspaceFolder.uri).device,
  };
  if (model !== corpus.model) await corpora.setModel(corpus, model);
  const run = await jobs.start(corpus.runs, spec);
  showJobProgress(jobs, run, jobTitle(spec, corpus.name));
  return { run };
}
