import { bundledName } from '../../engine/bundledModel.js';
import type { IndexJob } from '../../protocol/indexing.js';
import type { Corpus } from '../corpora/corpora.js';
import { showJobProgress } from '../runs/jobProgress.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';
import { jobTitle } from '../wording.js';
import { modelFolder } from '../ask/choices.js';

/**
 * Embeds the notes of a corpus with its model, or with another one, whose index stands beside those that
 * there are and answers once it is built.
 */
export async function indexNotes(
  services: Services,
  wanted: Corpus,
  model = wanted.model,
): Promise<{ run: string }> {
  const { jobs, corpora } = services;
  // Before claim(), which may move the home: a run's name only has meaning in the old one.
  const folder = await modelFolder(services, wanted, model);
  const corpus = await corpora.claim(wanted);
  const { device, queryPrompt, documentPrompt } = readSettings(corpus.workspaceFolder.uri);
  // In a new home, a run's name no longer identifies the model: store its path.
  const isMoved = corpus.home !== wanted.home;
  const index = await corpora.addIndex(corpus, isMoved && model !== bundledName ? folder : model);
  const beside = corpus.indexes.find((each) => each.isReady && each.store !== index.store);
  const spec: IndexJob = {
    kind: 'index',
    corpus: corpus.spec,
    model: folder,
    store: index.store,
    ...(beside === undefined ? {} : { beside: beside.store }),
    device,
    ...(queryPrompt + documentPrompt === ''
      ? {}
      : { prompts: { query: queryPrompt, document: documentPrompt } }),
  };
  const run = await jobs.start(corpus.runs, spec);
  showJobProgress(services, run, jobTitle(spec, corpus.name));
  return { run };
}
