import * as vscode from 'vscode';
import { viewIds } from '../contributions.js';

/** A tree without branches: package.json's `viewsWelcome` fills it while there is no corpus. */
export function registerWelcome(): vscode.Disposable {
  return vscode.window.registerTreeDataProvider<never>(viewIds.welcome, {
    getChildren: () => [],
    getTreeItem: (item) => item,
  });
}
