/** Commands on models: import, show, use, remove. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { usageError } from '../../core/base/errors.js';
import type { JobSpec } from '../../protocol/run.js';
import type { Job } from '../runs/jobs.js';
import { listImported, listModels, modelCardName } from '../runs/models.js';
import type { KnownModel } from '../runs/models.js';
import { discard } from '../../engine/runs.js';
import type { Workbench } from '../workbench.js';
import { choose, chooseCorpus } from '../ask/choices.js';
import { indexNotes } from './indexNotes.js';

type ModelArguments = { readonly model: string } | null;

/** Opened as plain text: a preview might fetch images that a downloaded model's card links to. */
export async function openModelCard(workbench: Workbench, given: ModelArguments): Promise<void> {
  const model = await modelFor(workbench, given, 'Open the Card of', ({ hasCard }) => hasCard);
  const card = vscode.Uri.file(join(model.folder, modelCardName));
  await vscode.window.showTextDocument(card, { preview: true });
}

export async function indexWithModel(
  workbench: Workbench,
  given: ModelArguments,
): Promise<{ run: string }> {
  const usable = (model: KnownModel): boolean => model.problem === null;
  const model = await modelFor(workbench, given, 'Index with', usable);
  const corpus = await chooseCorpus(workbench, 'Index');
  // A run's name only has meaning in its own home; elsewhere the path identifies the model.
  const isNear = model.run === null || dirname(model.run.folder) === corpus.runs;
  return indexNotes(workbench, corpus, isNear ? model.reference : model.folder);
}

/** Asks first; only imported models can be removed. */
export async function removeModel(workbench: Workbench, given: ModelArguments): Promise<void> {
  const { corpora, jobs, notices, modelsView } = workbench;
  const imported = ({ kind }: KnownModel): boolean => kind === 'imported';
  const { folder, name } = await modelFor(workbench, given, 'Remove', imported);
  if (jobUsing(jobs.running(), folder) !== undefined) {
    throw usageError(`A job is using the model ${name}: wait for it, or cancel it.`);
  }
  const users = corpora
    .all()
    .filter(({ indexes }) => indexes.some(({ model }) => model === folder));
  const detail = [
    'The copy that Notespace made is removed from the disk.',
    ...users.map(
      (corpus) => `An index of ${corpus.name} was made with it: index it again with another model.`,
    ),
  ].join(' ');
  if (!(await notices.confirm(`Remove the model ${name}?`, detail, 'Remove'))) return;
  if (!(await listImported(dirname(folder))).some((model) => model.name === basename(folder))) {
    throw usageError('There is no such model any more.');
  }
  try {
    await discard(folder);
  } finally {
    modelsView.refresh();
  }
}

async function modelFor(
  { corpora, places }: Workbench,
  given: ModelArguments,
  title: string,
  isOffered: (model: KnownModel) => boolean,
): Promise<KnownModel> {
  await corpora.whenLoaded();
  const models = (await listModels(corpora, places)).filter(isOffered);
  if (given !== null) {
    const found = models.find(({ folder }) => folder === given.model);
    if (found === undefined) throw usageError('There is no such model, or it cannot be used so.');
    return found;
  }
  if (models.length === 0) throw usageError('There is no such model yet.');
  return choose(
    title,
    models.map((value) => ({ label: value.name, description: value.kind, value })),
  );
}

/** The running job that reads a model, if there is one. */
export function jobUsing(running: readonly Job[], folder: string): Job | undefined {
  return running.find(({ spec }) => modelsOf(spec).includes(folder));
}

function modelsOf(spec: JobSpec): readonly string[] {
  switch (spec.kind) {
    case 'index':
      return [spec.model];
    case 'pretrain':
      return [spec.base];
    case 'evaluate':
    case 'analyze':
      return spec.models;
    case 'study':
      return [...spec.bases, ...spec.models];
    case 'project':
    case 'import':
      return [];
  }
}
