/**
 * The view Start, while there is no corpus: it proposes the opened folder or the tables in it, by their names
 * alone. Where there is nothing to propose, package.json's `viewsWelcome` is shown.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { plural } from '../../core/base/wording.js';
import { commandIds, viewIds } from '../contributions.js';
import { proposalsOf } from './proposals.js';
import type { Proposal } from './proposals.js';

export function registerWelcome(): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const refresh = (): void => changed.fire(undefined);
  const view = vscode.window.createTreeView<vscode.TreeItem>(viewIds.welcome, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (item) => item,
      async getChildren(parent) {
        if (parent !== undefined || !vscode.workspace.isTrusted) return [];
        const folders = (vscode.workspace.workspaceFolders ?? []).filter(
          ({ uri }) => uri.scheme === 'file',
        );
        const found = await Promise.all(folders.map(({ uri }) => proposalsOf(uri.fsPath)));
        const proposals = found.flat();
        view.message = proposals.length === 0 ? '' : explanation;
        return proposals.length === 0 ? [] : [...proposals.map(itemOf), otherItem()];
      },
    },
  });
  return vscode.Disposable.from(
    changed,
    view,
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
  );
}

const explanation =
  'Notespace reads nothing until you choose your notes. Everything stays on this machine. Found here, by file names alone:';

function itemOf({ source, kind, notes, isMore }: Proposal): vscode.TreeItem {
  const name = basename(source);
  const item = new vscode.TreeItem(`Read ${name}`);
  item.id = source;
  item.description =
    kind === 'table' ? 'a table' : `${isMore ? 'more than ' : ''}${plural(notes, 'file')} of notes`;
  item.iconPath = new vscode.ThemeIcon(kind === 'table' ? 'table' : 'folder');
  item.tooltip = `${source}\nShows how its notes are read, before anything is indexed`;
  item.accessibilityInformation = { label: `Read ${name}, ${item.description}` };
  item.command = {
    command: commandIds.addCorpus,
    title: 'Read',
    arguments: [{ source, preview: true }],
  };
  return item;
}

function otherItem(): vscode.TreeItem {
  const item = new vscode.TreeItem('Another folder or table, or a sample…');
  item.id = 'other';
  item.iconPath = new vscode.ThemeIcon('add');
  item.command = { command: commandIds.addCorpus, title: 'Add Corpus…' };
  return item;
}
