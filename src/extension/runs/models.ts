/** The models known to this window: the bundled one, those of runs, and imported ones. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../core/base/errors.js';
import type { ModelDescription } from '../../core/model/describeModel.js';
import { exists } from '../../core/base/files.js';
import { count, plural } from '../../core/base/wording.js';
import { runFileNames } from '../../protocol/run.js';
import { families } from '../../protocol/catalogue/families.js';
import type { Corpora } from '../corpora/corpora.js';
import type { Places } from '../places.js';
import { listPretrainings } from '../../engine/runs.js';
import type { Pretraining } from '../../engine/runs.js';
import { runTitle } from '../../engine/runTitle.js';
import { megabytes } from '../wording.js';

export const modelCardName = 'README.md';

export type ModelKind = 'bundled' | 'run' | 'imported';

export interface KnownModel {
  readonly kind: ModelKind;
  /** What people call it. */
  readonly name: string;
  readonly folder: string;
  /** How a corpus or a command refers to it. */
  readonly reference: string;
  /** The run whose result it is; `null` for other models. */
  readonly run: Pretraining | null;
  readonly description: ModelDescription | null;
  /** Why it cannot be used, as a sentence. */
  readonly problem: string | null;
  readonly hasCard: boolean;
}

type Found = Pick<KnownModel, 'kind' | 'name' | 'folder' | 'reference' | 'run'>;

export async function listModels(corpora: Corpora, places: Places): Promise<readonly KnownModel[]> {
  const bundled: Found = {
    kind: 'bundled',
    name: 'Notespace MiniLM',
    folder: places.bundledModel,
    reference: 'bundled',
    run: null,
  };
  const runs = (await Promise.all((await corpora.runFolders()).map(listPretrainings))).flat();
  const ofRuns = (await Promise.all(runs.map(ofRun))).flat();
  const imported = await Promise.all((await corpora.modelFolders()).map(listImported));
  return Promise.all([bundled, ...ofRuns, ...imported.flat()].map(describe));
}

export async function listImported(models: string): Promise<readonly Found[]> {
  const entries = await readdir(models, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const folder = join(models, name);
      return { kind: 'imported', name, folder, reference: folder, run: null };
    });
}

/** The model that a run made, and its base with the head that the run gave it. */
async function ofRun(run: Pretraining): Promise<Found[]> {
  const { model, name } = run;
  const title = runTitle(run);
  const own: Found[] =
    model === null ? [] : [{ kind: 'run', name: title, folder: model, reference: name, run }];
  const folder = join(run.folder, runFileNames.baseWithHead);
  if (!(await exists(join(folder, 'config.json')))) return own;
  const headed = `${title}: base with its new head`;
  return [...own, { kind: 'run', name: headed, folder, reference: folder, run: null }];
}

async function describe(found: Found): Promise<KnownModel> {
  const hasCard = await exists(join(found.folder, modelCardName));
  // Loaded lazily to keep activation fast.
  const { describeModel } = await import('../../core/model/describeModel.js');
  try {
    const description = await describeModel(found.folder);
    return { ...found, description, problem: null, hasCard };
  } catch (error) {
    const problem = error instanceof UserError ? error.message : 'Its files cannot be read.';
    return { ...found, description: null, problem, hasCard };
  }
}

/** "RoBERTa 4 x 256, 5.5 M parameters, 11 MB". */
export function modelText({ architecture, ...model }: Omit<ModelDescription, 'fit'>): string {
  const { label } = families[architecture];
  const head = model.hasMlmHead ? '' : ', no masked-token head';
  return (
    `${label} ${model.layers} x ${model.hiddenSize}, ${parametersText(model.parameters)}` +
    `, ${megabytes(model.bytes)}${head}`
  );
}

function parametersText(parameters: number): string {
  return parameters < 1e6
    ? plural(parameters, 'parameter')
    : `${(parameters / 1e6).toFixed(parameters < 1e7 ? 1 : 0)} M parameters`;
}

/** One fact per line. */
export function modelTooltip(model: KnownModel, usedBy: readonly string[]): string {
  const { description } = model;
  const origin = {
    bundled: 'Comes with Notespace.',
    run: `Made by the run ${model.name}.`,
    imported: `Imported as ${basename(model.folder)}.`,
  };
  return [
    model.name,
    origin[model.kind],
    ...(model.problem === null ? [] : [model.problem]),
    ...(description === null
      ? []
      : [
          `${description.fit}.`,
          `${plural(description.layers, 'layer')} of ${count(description.hiddenSize)}, ${count(description.parameters)} parameters, ${megabytes(description.bytes)} of weights`,
          description.hasMlmHead
            ? 'Has a masked-language-model head.'
            : 'Has no masked-language-model head: pre-training starts by training one.',
        ]),
    ...(usedBy.length === 0 ? [] : [`Index of: ${usedBy.join(', ')}`]),
  ].join('\n');
}
