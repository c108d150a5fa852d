/** What the tests inside VS Code share: the extension as its users see it, and patience. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { NotespaceApi } from '../../src/extension.js';
import { commandIds, extensionId } from '../../src/extension/contributions.js';
import type { CommandName } from '../../src/extension/contributions.js';
import type { RunState, RunStatus } from '../../src/protocol/run.js';

export async function notespace(): Promise<{ api: NotespaceApi; folder: string }> {
  process.env['NOTESPACE_TEST'] = '1';
  const extension = vscode.extensions.getExtension<NotespaceApi>(extensionId);
  assert.ok(extension, 'the extension is not installed');
  return { api: await extension.activate(), folder: extension.extensionPath };
}

export function workspaceFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the tests need an open folder');
  return folder.uri.fsPath;
}

export async function execute<T>(name: CommandName, args?: object | vscode.Uri): Promise<T> {
  return vscode.commands.executeCommand<T>(commandIds[name], args);
}

/** Asks until `probe` gives something. */
export async function eventually<T>(
  what: string,
  probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`In ${seconds} s it did not happen: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function readRun(folder: string): Promise<RunState> {
  return JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')) as RunState;
}

/** The state of a run once it is over; fails when it ends otherwise. */
export async function runEnds(
  folder: string,
  status: RunStatus = 'done',
  seconds = 110,
): Promise<RunState> {
  const state = await eventually(
    `${folder} is over`,
    async () => {
      const now = await readRun(folder);
      return ['done', 'failed', 'cancelled'].includes(now.status) ? now : null;
    },
    seconds,
  );
  assert.equal(state.status, status, state.error?.message ?? '');
  return state;
}

/** The newest message of a type that a panel got, once there is one that fits. */
export async function posted<T extends { readonly type: string }, K extends T['type']>(
  panel: string,
  type: K,
  fits: (message: T & { type: K }) => boolean = () => true,
): Promise<T & { type: K }> {
  const { api } = await notespace();
  return eventually(`${panel} shows ${type}`, () =>
    (api.lastPosts(panel) as readonly T[]).findLast(
      (message): message is T & { type: K } =>
        message.type === type && fits(message as T & { type: K }),
    ),
  );
}

/** Writes a corpus of a few notes into the workspace; resolves to its folder. */
export async function writeNotes(
  name: string,
  notes: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(workspaceFolder(), name);
  for (const [file, text] of Object.entries(notes)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

export async function hoverAt(uri: vscode.Uri, line: number): Promise<vscode.MarkdownString[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    new vscode.Position(line, 1),
  );
  return hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
