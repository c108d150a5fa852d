import * as vscode from 'vscode';
import { viewIds } from '../contributions.js';

/** An empty tree: package.json's `viewsWelcome` is shown while there is no corpus. */
export function registerWelcome(): vscode.Disposable {
  return vscode.window.registerTreeDataProvider<never>(viewIds.welcome, {
    getChildren: () => [],
    getTreeItem: (item) => item,
  });
}
