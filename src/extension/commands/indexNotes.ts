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
  const spec: IndexJob = {
    kind: 'index',
    corpus: corpus.spec,
    model: await modelFolder(services, corpus, model),
    store: corpus.store,
    device: readSettings(corpus.workspaceFolder.uri).device,
  };
  const run = await jobs.start(corpus.runs, spec);
  if (model !== corpus.model) await corpora.setModel(corpus, model);
  showJobProgress(services, run, jobTitle(spec, corpus.name));
  return { run };
}
