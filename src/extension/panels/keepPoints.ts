/** Makes notes that were chosen on the map a corpus of their own, to train or evaluate on. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { plural } from '../../core/base/wording.js';
import { makeFolder } from '../../core/base/files.js';
import type { ClusterMap } from '../../protocol/map.js';
import { askTextStep } from '../ask/textStep.js';
import { back } from '../ask/steps.js';
import { commandIds } from '../contributions.js';
import { corpusName } from '../corpora/corporaFile.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Services } from '../services.js';

/** Beside corpora.json. */
const folderName = 'chosen';

/** Throws Cancelled when the user closes the question. */
export async function keepPoints(
  { corpora, lookup, notices }: Services,
  from: Corpus,
  map: ClusterMap,
  points: readonly number[],
): Promise<void> {
  const keys = points.flatMap((point) => map.keys[point] ?? []);
  const taken = corpora
    .all()
    .filter(({ workspaceFolder }) => workspaceFolder.uri.toString() === folderOf(from))
    .map(({ name }) => name);
  const asked = await askTextStep({
    place: { title: 'Keep as Corpus', step: 1, totalSteps: 1 },
    prompt: `A name for these ${plural(keys.length, 'note')}`,
    value: corpusName(`${from.name} part`, taken),
    refuse: (text) => (text === '' ? 'Type a name.' : null),
  });
  if (asked === back) throw new Cancelled();
  const name = corpusName(asked, taken);
  const { home, spec, model, workspaceFolder } = await corpora.claim(from);
  const file = `${folderName}/${name}.json`;
  await makeFolder(join(home, folderName), 0o700);
  const { notes } = await lookup.request('notes/keep', {
    ...{ store: from.store, keys, file: join(home, file) },
  });
  const { source, mapping, reading } = spec;
  const corpus = await corpora.add(workspaceFolder, {
    ...{ name, source, mapping, model, only: file },
    ...(reading === undefined ? {} : { reading }),
  });
  const index = 'Index Notes';
  const chosen = await notices.info(`Kept ${plural(notes, 'note')} as ${name}.`, index);
  if (chosen === index) {
    await vscode.commands.executeCommand(commandIds.indexNotes, { corpus: corpus.token });
  }
}

function folderOf({ workspaceFolder }: Corpus): string {
  return workspaceFolder.uri.toString();
}
