/** The Models view: the bundled model, those of runs, and imported ones. */
import * as vscode from 'vscode';
import { viewIds } from '../contributions.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { listModels } from '../runs/models.js';
import type { KnownModel } from '../runs/models.js';
import type { Services } from '../services.js';
import { ModelItem } from './treeItems.js';

export interface ModelsView extends Disposable {
  /** Reads the folders again, now or when the view is next shown. */
  refresh(): void;
  list(): Promise<readonly ModelItem[]>;
}

export function createModelsView({ corpora, jobs, places, notices }: Services): ModelsView {
  const all = disposableList();
  const changed = all.add(new vscode.EventEmitter<undefined>());

  async function list(): Promise<readonly ModelItem[]> {
    await corpora.whenLoaded();
    const models = await listModels(corpora, places);
    return models.map((model) => new ModelItem(model, usersOf(model)));
  }

  /** Corpora that are indexed with the model. */
  function usersOf({ reference }: KnownModel): readonly string[] {
    return corpora
      .all()
      .filter(({ indexes }) => indexes.some(({ model }) => model === reference))
      .map(({ name }) => name);
  }

  function refresh(): void {
    if (view.visible) changed.fire(undefined);
  }

  const view = all.add(
    vscode.window.createTreeView<ModelItem>(viewIds.models, {
      treeDataProvider: {
        onDidChangeTreeData: changed.event,
        getTreeItem: (row) => row,
        async getChildren(parent) {
          if (parent !== undefined) return [];
          try {
            return [...(await list())];
          } catch (error) {
            void notices.error(error);
            return [];
          }
        },
      },
    }),
  );
  all.add(view.onDidChangeVisibility(({ visible }) => visible && refresh()));
  all.add(corpora.onDidChange(refresh));
  all.add(
    jobs.onDidEnd(({ spec }) => {
      if (spec.kind === 'pretrain' || spec.kind === 'import') refresh();
    }),
  );
  return { refresh, list, dispose: () => all.dispose() };
}
