/** Finds the corpus, model or run that a command is about, from its arguments or by asking the user. */
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { Cancelled, usageError } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import { runFileNames } from '../../protocol/run.js';
import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Notices } from '../notices.js';
import type { Pretraining } from '../../engine/runs.js';
import type { Services } from '../services.js';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Throws Cancelled when the user closes the list. */
export async function choose<T>(title: string, choices: readonly Choice<T>[]): Promise<T> {
  const options = { title, matchOnDescription: true, matchOnDetail: true };
  const chosen = await vscode.window.showQuickPick(choices, options);
  if (chosen === undefined) throw new Cancelled();
  return chosen.value;
}

/** Throws Cancelled when the user closes the list. */
export async function chooseSeveral<T>(
  title: string,
  choices: readonly Choice<T>[],
): Promise<readonly T[]> {
  const options = { title, matchOnDescription: true, canPickMany: true } as const;
  const chosen = await vscode.window.showQuickPick(choices, options);
  if (chosen === undefined) throw new Cancelled();
  return chosen.map(({ value }) => value);
}

export async function ask(options: vscode.InputBoxOptions): Promise<string> {
  const value = await vscode.window.showInputBox({ ignoreFocusOut: true, ...options });
  if (value === undefined) throw new Cancelled();
  return value.trim();
}

/** Looks up by name or token; without either, returns the active corpus. */
export async function corpusFor({ corpora, notices }: Services, name?: string): Promise<Corpus> {
  await corpora.whenLoaded();
  if (name === undefined) return corpora.active() ?? (await missingCorpus(notices));
  const found = corpora.all().find((corpus) => corpus.name === name || corpus.token === name);
  if (found === undefined) throw usageError(`There is no corpus ${name} in this window.`);
  return found;
}

async function missingCorpus(notices: Notices): Promise<never> {
  const add = 'Add Corpus…';
  const message = 'There is no corpus yet: add a folder or a table of notes first.';
  // Not awaited: in a test or from a keybinding nobody may answer the notification.
  void notices.info(message, add).then((chosen) => {
    if (chosen === add) void vscode.commands.executeCommand(commandIds.addCorpus);
  });
  return Promise.reject(new Cancelled(message));
}

export async function chooseCorpus({ corpora, notices }: Services, title: string): Promise<Corpus> {
  await corpora.whenLoaded();
  const all = corpora.all();
  const [only] = all;
  if (only === undefined) return missingCorpus(notices);
  if (all.length === 1) return only;
  const active = corpora.active();
  return choose(
    title,
    all.map((corpus) => ({
      label: corpus.name,
      description: corpus.token === active?.token ? 'active' : '',
      detail: corpus.spec.source,
      value: corpus,
    })),
  );
}

/** Absolute path of the model folder that a corpus or a command refers to. */
export async function modelFolder(
  { places }: Services,
  corpus: Corpus,
  model: string,
): Promise<string> {
  if (model === 'bundled') return places.bundledModel;
  if (isAbsolute(model)) return model;
  const folder = join(corpus.runs, model, runFileNames.model);
  if (await exists(folder)) return folder;
  throw usageError(
    `There is no model ${model}: name a run that is done, a model folder or "bundled".`,
  );
}

/** "held-out loss 6.91 → 5.03", or how the run ended. */
export function outcome({ state }: Pretraining): string {
  if (state.result?.kind !== 'pretrain') return state.status;
  const { before, after } = state.result.heldOutLoss;
  return `held-out loss ${before.toFixed(2)} → ${after.toFixed(2)}`;
}
