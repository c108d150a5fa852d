/**
 * The Runs view: pre-training runs first, other jobs below. It reads the run folders when it is shown;
 * later changes come from the jobs that the window follows.
 */
import * as vscode from 'vscode';
import { viewIds } from '../contributions.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { sentenceOf } from '../notices.js';
import { isPretraining, readAllRuns } from '../../engine/runs.js';
import type { Run } from '../../engine/runs.js';
import type { Services } from '../services.js';
import { OtherRunsItem, RunItem } from './treeItems.js';
import { modelName } from '../wording.js';

export interface RunsView extends Disposable {
  /** Reads the folders again, now or when the view is next shown. */
  refresh(): void;
  /** Runs that are selected in the view. */
  selected(): readonly Run[];
  /** The runs as the view shows them; reads them first if necessary. */
  list(): Promise<readonly RunItem[]>;
}

type Row = RunItem | OtherRunsItem;

export function createRunsView({ corpora, jobs, places, notices }: Services): RunsView {
  const all = disposableList();
  const changed = all.add(new vscode.EventEmitter<Row | undefined>());
  const other = new OtherRunsItem();
  /** By run folder, newest first; `null`: must be read again. */
  let rows: ReadonlyMap<string, RunItem> | null = null;
  /** Folders of jobs without a row, each of which has already triggered one reload. */
  const lookedFor = new Set<string>();
  const told = new Set<string>();
  let reading: Promise<ReadonlyMap<string, RunItem>> | null = null;

  async function read(): Promise<ReadonlyMap<string, RunItem>> {
    reading ??= load();
    const mine = reading;
    try {
      const found = await mine;
      if (reading === mine) rows = found;
      return found;
    } catch (error) {
      if (reading === mine) reading = null;
      throw error;
    }
  }

  async function load(): Promise<ReadonlyMap<string, RunItem>> {
    await corpora.whenLoaded();
    const folders = await Promise.all((await corpora.runFolders()).map(readAllRuns));
    const runs = folders.flatMap(({ found }) => found);
    for (const run of runs) jobs.adopt(run);
    for (const error of folders.flatMap(({ errors }) => errors)) tellOnce(sentenceOf(error));
    runs.sort((a, b) => b.state.startedAt - a.state.startedAt);
    return new Map(runs.map((run) => [run.folder, rowOf(run)]));
  }

  /** An unreadable run has no row; the log says why, once per message. */
  function tellOnce(sentence: string): void {
    if (told.has(sentence)) return;
    told.add(sentence);
    notices.log(sentence);
  }

  function rowOf(run: Run): RunItem {
    return new RunItem(run, corpora.nameOf(run), baseOf(run));
  }

  function baseOf({ spec }: Run): string | null {
    return spec.kind === 'pretrain' ? modelName(spec.base, places.bundledModel) : null;
  }

  function refresh(): void {
    rows = null;
    reading = null;
    if (view.visible) changed.fire(undefined);
  }

  /** Redraws only the rows of running jobs. */
  function follow(): void {
    if (rows === null || !view.visible) return;
    for (const { folder, state } of jobs.running()) {
      const row = rows.get(folder);
      if (row === undefined) {
        // May be outside the listed folders: reload once to find out.
        if (lookedFor.has(folder)) continue;
        lookedFor.add(folder);
        refresh();
        return;
      }
      row.show({ ...row.run, state }, corpora.nameOf(row.run), baseOf(row.run));
      changed.fire(row);
    }
  }

  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (row) => row,
    async getChildren(parent) {
      try {
        const found = [...(await read()).values()];
        const trainings = found.filter(({ run }) => isPretraining(run));
        const others = found.filter(({ run }) => !isPretraining(run));
        if (parent !== undefined) return others;
        other.description = String(others.length);
        return others.length === 0 ? trainings : [...trainings, other];
      } catch (error) {
        void notices.error(error);
        return [];
      }
    },
  };
  const view = all.add(
    vscode.window.createTreeView(viewIds.runs, {
      treeDataProvider: provider,
      canSelectMany: true,
    }),
  );
  all.add(view.onDidChangeVisibility(({ visible }) => visible && refresh()));
  all.add(jobs.onDidChange(follow));
  all.add(jobs.onDidEnd(refresh));
  all.add(corpora.onDidChange(refresh));
  return {
    refresh,
    selected: () => view.selection.flatMap((row) => (row instanceof RunItem ? [row.run] : [])),
    async list() {
      return [...(await read()).values()];
    },
    dispose: () => all.dispose(),
  };
}
