/** The corpora of this window: those of every workspace folder, and which one is active. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../disposable.js';
import { usageError } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import type { CorpusSpec } from '../../protocol/corpusSpec.js';
import { contextKeys } from '../contributions.js';
import { corporaFileName, readCorporaFile, writeCorporaFile } from './corporaFile.js';
import type { CorporaFile, CorpusEntry } from './corporaFile.js';
import { corpusOfJob, jobSubject } from './corpusOfJob.js';
import type { FolderJob } from './corpusOfJob.js';
import { fromStoredSource, toStoredSource } from './corpusSource.js';
import { disposableList } from '../disposable.js';
import { firstFolder, indexesOf, readIndexes, withActive, withIndex } from './indexes.js';
import type { CorpusIndex } from './indexes.js';
import { claimHome, homeChoice, isWritable, locateHome } from './home.js';
import type { HomeChoice } from './home.js';
import { isSameFile, noteIdOf, storeToken } from '../notes/noteIdentity.js';
import type { Notices } from '../notices.js';
import type { Places } from '../places.js';
import { readSettings } from '../settings.js';

export interface Corpus {
  readonly name: string;
  readonly spec: CorpusSpec;
  /** A folder with one note per file; otherwise a table. */
  readonly isFolder: boolean;
  /** `bundled`, the name of a run, or a path. */
  readonly model: string;
  readonly workspaceFolder: vscode.WorkspaceFolder;
  /** Of the index that answers. */
  readonly store: string;
  /** All its indexes, one for each model. */
  readonly indexes: readonly CorpusIndex[];
  /** Folder that holds corpora.json, the runs and the models. */
  readonly home: string;
  /** Folder of the runs. */
  readonly runs: string;
  /** Folder of imported models. */
  readonly models: string;
  /** Identifies the corpus in URIs, whichever index answers. */
  readonly token: string;
}

export interface Corpora extends Disposable {
  readonly onDidChange: vscode.Event<void>;
  /** Reads the files again; the first call fills the list. */
  load(): Promise<void>;
  whenLoaded(): Promise<void>;
  all(): readonly Corpus[];
  active(): Corpus | null;
  byToken(token: string): Corpus | null;
  /** The corpus that contains a file, and the file's note id there. */
  ofFile(file: string): { readonly corpus: Corpus; readonly id: string } | null;
  /** The corpus whose notes are the rows of this file. */
  ofTable(file: string): Corpus | null;
  /** The corpus of a job, if it is still in the list. */
  ofJob(job: FolderJob): Corpus | null;
  /** Name of a job's corpus, or of the model that it imports. */
  nameOf(job: FolderJob): string;
  /** Run folders of every workspace folder. */
  runFolders(): Promise<readonly string[]>;
  /** Folders of imported models of every workspace folder. */
  modelFolders(): Promise<readonly string[]>;
  add(workspaceFolder: vscode.WorkspaceFolder, entry: CorpusEntry): Promise<Corpus>;
  activate(corpus: Corpus): Promise<void>;
  /** The corpus with a writable home: a read-only home is moved to the fallback, and the user is told. */
  claim(corpus: Corpus): Promise<Corpus>;
  /**
   * Adds the index of a model, if there is none. It answers once it is built, and until then the one that
   * does now.
   */
  addIndex(corpus: Corpus, model: string): Promise<CorpusIndex>;
  /** Changes how it is read. */
  change(corpus: Corpus, changed: (entry: CorpusEntry) => CorpusEntry): Promise<void>;
  /** Its indexes stay where they are. */
  rename(corpus: Corpus, name: string): Promise<void>;
  /** Takes it off the list; its indexes are the caller's to delete. */
  remove(corpus: Corpus): Promise<void>;
  /** Lets another of its indexes answer. */
  useIndex(corpus: Corpus, model: string): Promise<void>;
}

const activeKey = 'notespace.activeCorpus';

export function createCorpora(places: Places, memento: vscode.Memento, notices: Notices): Corpora {
  const changed = new vscode.EventEmitter<void>();
  const watchers = new Map<string, vscode.Disposable>();
  const subscriptions = disposableList();
  subscriptions.add(changed);
  subscriptions.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void load()));
  let corpora: readonly Corpus[] = [];
  let markLoaded: () => void = () => undefined;
  const loaded = new Promise<void>((resolve) => (markLoaded = resolve));
  let activeOfFiles: Corpus | null = null;

  async function load(): Promise<void> {
    const found: Corpus[] = [];
    const homes = new Set<string>();
    let active: Corpus | null = null;
    for (const folder of folders()) {
      const home = await locateHome(choiceOf(folder, places));
      homes.add(home);
      try {
        const file = await readCorporaFile(home);
        for (const entry of file.corpora) {
          const corpus = await toCorpus(entry, folder, home, places);
          found.push(corpus);
          if (file.active === entry.name) active ??= corpus;
        }
      } catch (error) {
        void notices.error(error);
      }
    }
    corpora = found;
    activeOfFiles = active ?? found[0] ?? null;
    watch(homes);
    await vscode.commands.executeCommand('setContext', contextKeys.hasCorpus, found.length > 0);
    markLoaded();
    changed.fire();
  }

  function watch(homes: ReadonlySet<string>): void {
    for (const [home, watcher] of watchers) {
      if (!homes.has(home)) watcher.dispose();
      if (!homes.has(home)) watchers.delete(home);
    }
    for (const home of homes) {
      if (watchers.has(home)) continue;
      const pattern = new vscode.RelativePattern(vscode.Uri.file(home), 'corpora.json');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      watcher.onDidChange(() => void load());
      watcher.onDidCreate(() => void load());
      watcher.onDidDelete(() => void load());
      watchers.set(home, watcher);
    }
  }

  /** Edits the file of one workspace folder, moving it to the fallback if its home is read-only. */
  async function edit(
    folder: vscode.WorkspaceFolder,
    change: (file: CorporaFile) => CorporaFile,
  ): Promise<void> {
    const choice = choiceOf(folder, places);
    const file = await readCorporaFile(await locateHome(choice));
    const { home, fellBack } = await claimHome(choice);
    const isNews = fellBack && !(await exists(join(home, corporaFileName)));
    await writeCorporaFile(home, change(file));
    if (isNews) {
      void notices.info(
        `${folder.name} cannot be written, so Notespace keeps its index and runs in ${home}.`,
      );
    }
    await load();
  }

  function change(corpus: Corpus, changed: (entry: CorpusEntry) => CorpusEntry): Promise<void> {
    return edit(corpus.workspaceFolder, (file) => ({
      ...file,
      corpora: file.corpora.map((entry) => (entry.name === corpus.name ? changed(entry) : entry)),
    }));
  }

  async function inHomes(name: string): Promise<readonly string[]> {
    const homes = folders().map((folder) => locateHome(choiceOf(folder, places)));
    return (await Promise.all(homes)).map((home) => join(home, name));
  }

  function byToken(token: string): Corpus | null {
    return corpora.find((corpus) => corpus.token === token) ?? null;
  }

  function active(): Corpus | null {
    return byToken(memento.get<string>(activeKey, '')) ?? activeOfFiles;
  }

  function named(name: string, { uri }: vscode.WorkspaceFolder): Corpus {
    const found = corpora.find(
      (corpus) => corpus.name === name && corpus.workspaceFolder.uri.toString() === uri.toString(),
    );
    if (found === undefined) throw usageError('The corpus was removed meanwhile: add it again.');
    return found;
  }

  async function activate(corpus: Corpus): Promise<void> {
    await memento.update(activeKey, corpus.token);
    await edit(corpus.workspaceFolder, (file) => ({ ...file, active: corpus.name }));
  }

  return {
    onDidChange: changed.event,
    load,
    whenLoaded: () => loaded,
    all: () => corpora,
    active,
    byToken,
    ofFile: (file) => nearestCorpus(corpora, active(), file),
    ofTable(file) {
      const found = corpora.filter(
        ({ isFolder, spec }) => !isFolder && isSameFile(spec.source, file),
      );
      return found.find(({ token }) => token === active()?.token) ?? found[0] ?? null;
    },
    ofJob: (job) => corpusOfJob(corpora, job),
    nameOf: (job) => jobSubject(corpora, job),
    runFolders: () => inHomes('runs'),
    modelFolders: () => inHomes('models'),
    async add(folder, entry) {
      await edit(folder, (file) => ({
        ...file,
        active: entry.name,
        corpora: [
          ...file.corpora,
          { ...entry, source: toStoredSource(entry.source, folder.uri.fsPath, places.samples) },
        ],
      }));
      const added = named(entry.name, folder);
      await memento.update(activeKey, added.token);
      changed.fire();
      return added;
    },
    activate,
    async claim(corpus) {
      if (await isWritable(corpus.home)) return corpus;
      await edit(corpus.workspaceFolder, (file) => file);
      return named(corpus.name, corpus.workspaceFolder);
    },
    async addIndex(corpus, model) {
      const hasReady = corpus.indexes.some(({ isReady }) => isReady);
      await change(corpus, (entry) => withIndex(entry, model, hasReady));
      const now = named(corpus.name, corpus.workspaceFolder);
      const added = now.indexes.find((index) => index.model === model);
      if (added === undefined) throw usageError('The corpus was removed meanwhile: add it again.');
      return added;
    },
    change,
    rename: (corpus, name) =>
      edit(corpus.workspaceFolder, (file) => ({
        ...file,
        active: file.active === corpus.name ? name : file.active,
        corpora: file.corpora.map((entry) =>
          entry.name === corpus.name
            ? { ...entry, name, folder: firstFolder(entry), indexes: indexesOf(entry) }
            : entry,
        ),
      })),
    remove: (corpus) =>
      edit(corpus.workspaceFolder, (file) => ({
        ...file,
        active: file.active === corpus.name ? null : file.active,
        corpora: file.corpora.filter(({ name }) => name !== corpus.name),
      })),
    useIndex: (corpus, model) => change(corpus, (entry) => withActive(entry, model)),
    dispose() {
      for (const watcher of watchers.values()) watcher.dispose();
      subscriptions.dispose();
    },
  };
}

function folders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

function choiceOf(folder: vscode.WorkspaceFolder, places: Places): HomeChoice {
  const { storageFolder } = readSettings(folder.uri);
  return homeChoice(folder.uri.fsPath, storageFolder, places.fallback);
}

async function toCorpus(
  entry: CorpusEntry,
  workspaceFolder: vscode.WorkspaceFolder,
  home: string,
  places: Places,
): Promise<Corpus> {
  const source = fromStoredSource(entry.source, workspaceFolder.uri.fsPath, places.samples);
  const { all: indexes, active } = await readIndexes(entry, home);
  return {
    name: entry.name,
    spec: {
      source,
      mapping: entry.mapping,
      ...(entry.reading === undefined ? {} : { reading: entry.reading }),
      ...(entry.only === undefined ? {} : { only: join(home, entry.only) }),
    },
    isFolder: await stat(source).then(
      (found) => found.isDirectory(),
      () => false,
    ),
    model: active.model,
    workspaceFolder,
    store: active.store,
    indexes,
    home,
    runs: join(home, 'runs'),
    models: join(home, 'models'),
    token: storeToken(join(home, 'index', firstFolder(entry))),
  };
}

/** The innermost of nested corpora; of equal ones, the active one. */
function nearestCorpus(
  corpora: readonly Corpus[],
  active: Corpus | null,
  file: string,
): { corpus: Corpus; id: string } | null {
  let nearest: { corpus: Corpus; id: string } | null = null;
  for (const corpus of corpora) {
    const id = corpus.isFolder ? noteIdOf(corpus.spec.source, file) : null;
    if (id === null) continue;
    const isNearer =
      nearest === null ||
      corpus.spec.source.length > nearest.corpus.spec.source.length ||
      (corpus.spec.source === nearest.corpus.spec.source && corpus.token === active?.token);
    if (isNearer) nearest = { corpus, id };
  }
  return nearest;
}
