import { bundledName } from '../../engine/bundledModel.js';
import type { IndexJob } from '../../protocol/run.js';
import type { Corpus } from '../corpora/corpora.js';
import { showJobProgress } from '../runs/jobProgress.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import { jobTitle } from '../wording.js';
import { modelFolder } from '../ask/choices.js';

/** Embeds the notes of a corpus with its model, or with another one, which becomes its model. */
export async function indexNotes(
  services: Services,
  wanted: Corpus,
  model = wanted.model,
): Promise<{ run: string }> {
  const { jobs, corpora } = services;
  // A model is named by where the corpus was.
  const folder = await modelFolder(services, wanted, model);
  const corpus = await corpora.claim(wanted);
  const spec: IndexJob = {
    kind: 'index',
    corpus: corpus.spec,
    model: folder,
    store: corpus.store,
    device: readSettings(corpus.workspaceFolder.uri).device,
  };
  const run = await jobs.start(corpus.runs, spec);
  // The name of a run says nothing in a home that the corpus was moved to.
  const isMoved = corpus.home !== wanted.home;
  const kept = isMoved && model !== bundledName ? folder : model;
  if (kept !== corpus.model) await corpora.setModel(corpus, kept);
  showJobProgress(services, run, jobTitle(spec, corpus.name));
  return { run };
}
