/** Commands that change a corpus in the list: how it is read, its name, whether it is there. */
import { basename } from 'node:path';
import { usageError } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import { discard } from '../../engine/runs.js';
import { ask } from '../ask/choices.js';
import { corpusName } from '../corpora/corporaFile.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Workbench } from '../workbench.js';
import { indexNotes } from './indexNotes.js';

/** Shows how the corpus is read, to be changed, and indexes it again. */
export async function editCorpus(workbench: Workbench, corpus: Corpus): Promise<void> {
  const { corpora, corpusPreview } = workbench;
  const { source, mapping, reading } = corpus.spec;
  refuseBusy(workbench, corpus);
  const settled = await corpusPreview.ask(source, corpus.name, {
    mapping,
    reading: reading ?? {},
  });
  const renamed = nameFor(workbench, corpus, settled.name);
  await corpora.change(corpus, ({ reading: _reading, ...entry }) => ({
    ...entry,
    mapping: settled.mapping,
    ...(Object.keys(settled.reading).length === 0 ? {} : { reading: settled.reading }),
  }));
  if (renamed !== corpus.name) await corpora.rename(corpus, renamed);
  const now = corpora.byToken(corpus.token);
  if (now !== null) await indexNotes(workbench, now);
}

export async function renameCorpus(workbench: Workbench, corpus: Corpus): Promise<void> {
  refuseBusy(workbench, corpus);
  const wanted = await ask({
    title: 'Rename Corpus',
    prompt: 'How the corpus is shown',
    value: corpus.name,
    validateInput: (text) => (text.trim() === '' ? 'Enter a name.' : null),
  });
  const name = nameFor(workbench, corpus, wanted);
  if (name !== corpus.name) await workbench.corpora.rename(corpus, name);
}

/** Asks first. The notes themselves, runs and their models stay. */
export async function removeCorpus(workbench: Workbench, corpus: Corpus): Promise<void> {
  refuseBusy(workbench, corpus);
  const detail =
    'Its indexes are removed from the disk. The notes themselves stay, and so do runs and their models.';
  const { notices, corpora } = workbench;
  if (!(await notices.confirm(`Remove the corpus ${corpus.name}?`, detail, 'Remove'))) return;
  await corpora.remove(corpus);
  for (const { store } of corpus.indexes) if (await exists(store)) await discard(store);
}

function refuseBusy({ jobs, corpora }: Workbench, corpus: Corpus): void {
  const isBusy = jobs.running().some((job) => corpora.ofJob(job)?.token === corpus.token);
  if (isBusy) {
    throw usageError(`A job is using the corpus ${corpus.name}: wait for it, or cancel it first.`);
  }
}

/** The wanted name, or one like it that is free. */
function nameFor({ corpora }: Workbench, corpus: Corpus, wanted: string): string {
  const others = corpora
    .all()
    .filter(({ home, token }) => home === corpus.home && token !== corpus.token);
  const folders = others.flatMap(({ indexes }) =>
    indexes.map(({ store }) => basename(store).replace(/@[\da-f]{8}$/, '')),
  );
  return corpusName(wanted, [...others.map(({ name }) => name), ...folders]);
}
