/** Adds a folder or a table as a corpus, after showing what it contains. */
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { Cancelled, usageError } from '../../core/base/errors.js';
import { count, plural } from '../../core/base/wording.js';
import { describeDates } from '../../core/corpus/dates.js';
import { withoutPatients } from '../../protocol/catalogue/fieldRoles.js';
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import { namedEndings, tableFileEndings } from '../../protocol/catalogue/sources.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import type { CorpusSummary } from '../../protocol/lookup.js';
import type { CorpusSpec } from '../../protocol/corpusSpec.js';
import { commandIds, viewIds } from '../contributions.js';
import { indexNotes } from './indexNotes.js';
import type { Corpus } from '../corpora/corpora.js';
import { corpusName } from '../corpora/corporaFile.js';
import { withoutLinks } from '../notices.js';
import type { Services } from '../services.js';
import { choose } from '../ask/choices.js';
import type { Panels } from '../panels/all.js';

export interface AddCorpusArguments {
  readonly source: string;
  readonly name?: string | undefined;
  readonly mapping?: Partial<FieldMapping> | undefined;
  readonly reading?: Reading | undefined;
  readonly preview?: boolean | undefined;
}

export async function addCorpus(
  services: Services & Pick<Panels, 'corpusPreview'>,
  given: AddCorpusArguments | null,
): Promise<{ name: string; documents: number }> {
  const { corpora } = services;
  await corpora.whenLoaded();
  const source = given?.source ?? (await chooseSource(services));
  const folder = await chooseWorkspaceFolder(source);
  const taken = corpora
    .all()
    .filter((corpus) => corpus.workspaceFolder.uri.toString() === folder.uri.toString())
    .flatMap(({ name, indexes }) => [name, ...indexes.map(({ store }) => basename(store))]);
  const suggestion = corpusName(basename(source), taken);
  const settled =
    given === null || given.preview === true
      ? await services.corpusPreview.ask(source, suggestion)
      : {
          name: given.name ?? suggestion,
          mapping: given.mapping ?? {},
          reading: given.reading ?? {},
        };
  const { mapping, reading } = settled;
  const spec = { source, mapping, ...(Object.keys(reading).length === 0 ? {} : { reading }) };
  const summary = await inspect(services, spec);
  const name = corpusName(settled.name, taken);
  const corpus = await corpora.add(folder, { name, ...spec, model: 'bundled' });
  const isInteractive = given === null || given.preview === true;
  tell(services, corpus, summary);
  if (isInteractive) await indexAndDraw(services, corpus);
  return { name, documents: summary.documents };
}

/** Reads all of it, to count its notes and to name its problems. */
async function inspect({ lookup }: Services, corpus: CorpusSpec): Promise<CorpusSummary> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: withoutLinks(`Reading ${basename(corpus.source)}`),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (_progress, token) =>
    lookup.request('corpus/inspect', { corpus }, token),
  );
}

function tell({ notices }: Services, corpus: Corpus, summary: CorpusSummary): void {
  const categories = Object.keys(summary.categories).length;
  const parts = [
    `Added ${corpus.name}: ${plural(summary.documents, 'note')}`,
    categories === 0 ? '' : ` in ${plural(categories, 'category', 'categories')}`,
    `, median length ${count(summary.words.median)} words.`,
    summary.dates === null ? '' : ` Dates: ${describeDates(summary.dates)}.`,
  ];
  const [problem] = summary.problems;
  if (problem !== undefined) {
    const others = summary.problems.length - 1;
    parts.push(` ${problem.where}: ${problem.what}`);
    if (others > 0) parts.push(` (And ${plural(others, 'more problem')}.)`);
  }
  if (summary.groups === 0) parts.push(` ${withoutPatients}`);
  void notices.info(parts.join(''));
}

/** Its map opens when the index is there; how far it is stands in Similar Notes. */
async function indexAndDraw(services: Services, corpus: Corpus): Promise<void> {
  const { run } = await indexNotes(services, corpus);
  await vscode.commands.executeCommand(`${viewIds.similarNotes}.focus`);
  const ended = services.jobs.onDidEnd((job) => {
    if (job.folder !== run) return;
    ended.dispose();
    if (job.state.status !== 'done') return;
    void vscode.commands.executeCommand(commandIds.showClusters, { corpus: corpus.token });
  });
}

async function chooseSource(services: Services): Promise<string> {
  const kind = await choose<'folder' | 'table' | { sample: string }>('Add Corpus', [
    {
      label: '$(folder) A folder of notes…',
      detail: `${namedEndings('folder', 'and')} files; Word, RTF, PDF and HTML letters`,
      value: 'folder',
    },
    {
      label: '$(table) A table of notes…',
      detail: `${namedEndings('table')}, also .gz`,
      value: 'table',
    },
    ...samples.map(({ file, what }) => ({
      label: `$(beaker) Sample: ${what}`,
      detail: 'Synthetic, to try things with',
      value: { sample: join(services.places.samples, file) },
    })),
  ]);
  if (typeof kind === 'object') return kind.sample;
  const isFolder = kind === 'folder';
  const chosen = await vscode.window.showOpenDialog({
    title: isFolder ? 'Folder of Notes' : 'Table of Notes',
    openLabel: 'Select',
    canSelectFiles: !isFolder,
    canSelectFolders: isFolder,
    ...(isFolder ? {} : { filters: { Tables: tableFileEndings() } }),
  });
  const [uri] = chosen ?? [];
  if (uri === undefined) throw new Cancelled();
  return isFolder ? tableIn(services, uri.fsPath) : uri.fsPath;
}

/** The folder itself, or one of its tables if only those hold notes, as in published data. */
async function tableIn({ lookup }: Services, folder: string): Promise<string> {
  const { tables } = await lookup.request('folder/tables', { folder });
  if (tables.length === 0) return folder;
  const table = await choose(
    'The folder holds tables: which holds the notes?',
    tables.map((file) => ({ label: file, value: file })),
  );
  return join(folder, table);
}

const samples = [
  { file: 'hospital-notes', what: 'hospital notes' },
  { file: 'mental-health.csv', what: 'mental health notes' },
  { file: 'incidents.jsonl', what: 'patient safety incidents' },
];

/** The workspace folder that contains the source, or else the one that the user chooses. */
async function chooseWorkspaceFolder(source: string): Promise<vscode.WorkspaceFolder> {
  const around = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(source));
  if (around !== undefined) return around;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(
    ({ uri }) => uri.scheme === 'file',
  );
  const [first] = folders;
  if (first === undefined) {
    throw usageError('Open a folder first: Notespace keeps the index of your notes there.');
  }
  if (folders.length === 1) return first;
  return choose(
    'Folder to keep the index in',
    folders.map((folder) => ({ label: folder.name, detail: folder.uri.fsPath, value: folder })),
  );
}
