/** The options of `notespace study`, and the study that they ask for. */
import { usageError } from '../core/base/errors.js';
import { withTarget } from '../engine/targetColumn.js';
import { automatic } from '../protocol/catalogue/devices.js';
import { targetFields } from '../protocol/catalogue/fieldRoles.js';
import { sourceKinds } from '../protocol/catalogue/sources.js';
import {
  defaultStudyPreset,
  studyPresetEntries,
  studyPresetNames,
  studyRecipeEntries,
  studyRecipeNames,
} from '../protocol/catalogue/study.js';
import type { StudyRecipeName } from '../protocol/catalogue/study.js';
import type { CorpusSpec } from '../protocol/corpusSpec.js';
import type { StudyJob } from '../protocol/study.js';
import type { CommandContext } from './command.js';
import { parseDuration } from './duration.js';
import { modelFolders } from './comparedModels.js';
import type { OptionTable, ParsedOptions } from './options.js';
import {
  absolute,
  agreeOption,
  corpusSpec,
  deviceOption,
  jsonOption,
  mappingOptions,
  seedOption,
} from './sharedOptions.js';

export const studyOptions = {
  corpus: { type: 'text', placeholder: 'SOURCE', help: `${sourceKinds()} (also .gz)` },
  ...mappingOptions,
  base: { type: 'text', placeholder: 'M1,M2', help: 'models to start from' },
  target: {
    type: 'text',
    placeholder: 'FIELD',
    help: `what is predicted: ${targetFields.join(', ')} or any other column; several with commas`,
  },
  out: {
    type: 'text',
    placeholder: 'DIR',
    help: "the study's folder; the report goes to DIR/report.html",
  },
  models: {
    type: 'text',
    placeholder: 'M1,M2',
    help: 'further models that are measured as they are',
  },
  recipes: {
    type: 'text',
    placeholder: 'LIST',
    help: `trainings to run, with commas between them (default: all that are below)`,
    sentences: Object.fromEntries(
      studyRecipeNames.map((name) => [name, studyRecipeEntries[name].label]),
    ),
  },
  'forgetting-corpus': {
    type: 'text',
    placeholder: 'SOURCE',
    help: 'second corpus, which nothing is trained on: what was forgotten is measured there',
  },
  preset: {
    type: 'text',
    placeholder: 'PRESET',
    choices: studyPresetNames,
    sentences: Object.fromEntries(
      studyPresetNames.map((name) => [name, studyPresetEntries[name].sentence]),
    ),
    help: `how much is done (default ${defaultStudyPreset})`,
  },
  budget: {
    type: 'text',
    placeholder: 'TIME',
    help: "time that it may take, such as 8h or 45m, instead of the preset's",
  },
  steps: {
    type: 'number',
    placeholder: 'N',
    help: 'steps of every training, instead of as many as the budget allows',
  },
  plan: { type: 'flag', help: 'only say what would be done, how long it takes and what is cut' },
  worker: {
    type: 'flag',
    help: 'take parts of the study in DIR beside other processes; begin it if nobody has',
  },
  resume: {
    type: 'flag',
    help: 'go on with the study in DIR; with other options, only what is missing is added',
  },
  ...deviceOption('embed', 'train'),
  ...seedOption,
  ...agreeOption,
  ...jsonOption,
} as const satisfies OptionTable;

export type StudyOptions = ParsedOptions<typeof studyOptions>;

/** @param started the study to go on with, whose settings stay where the call names none; `null`: a new one */
export async function askedStudy(
  parsed: StudyOptions,
  started: StudyJob | null,
  context: CommandContext,
): Promise<StudyJob> {
  const { cwd } = context;
  const targets = parsed.target === null ? null : listed('target', parsed.target);
  const further =
    parsed.models === null ? null : await modelFolders(parsed.models, context, parsed.yes);
  const other = parsed['forgetting-corpus'];
  const steps = parsed.steps;
  if (steps === 0) throw usageError('--steps is 1 or more.');
  const asked = {
    ...{ targets, steps, models: further, seed: parsed.seed, device: parsed.device },
    bases: parsed.base === null ? null : await modelFolders(parsed.base, context, parsed.yes),
    recipes: parsed.recipes === null ? null : recipesOf(parsed.recipes),
    preset: parsed.preset,
    budgetSeconds: parsed.budget === null ? null : parseDuration(parsed.budget, '--budget'),
    forgettingCorpus: other === null ? null : { source: absolute(other, cwd), mapping: {} },
  };
  const corpus = corpusOf(parsed, started, cwd);
  const named = asked.targets ?? started?.targets ?? missing('target');
  return {
    kind: 'study',
    corpus: named.reduce<CorpusSpec>((spec, target) => withTarget(spec, target), corpus),
    forgettingCorpus: asked.forgettingCorpus ?? started?.forgettingCorpus ?? null,
    bases: asked.bases ?? started?.bases ?? missing('base'),
    models: asked.models ?? started?.models ?? [],
    recipes: asked.recipes ?? started?.recipes ?? studyRecipeNames,
    targets: named,
    preset: asked.preset ?? started?.preset ?? defaultStudyPreset,
    budgetSeconds: asked.budgetSeconds ?? started?.budgetSeconds ?? null,
    steps: asked.steps ?? started?.steps ?? null,
    device: asked.device ?? started?.device ?? automatic.name,
    seed: asked.seed ?? started?.seed ?? 0,
  };
}

function corpusOf(parsed: StudyOptions, started: StudyJob | null, cwd: string): CorpusSpec {
  if (parsed.corpus !== null) return corpusSpec(parsed.corpus, parsed, cwd);
  const given = Object.keys(mappingOptions).find((name) => {
    const value = parsed[name as keyof typeof mappingOptions];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== false;
  });
  if (given !== undefined) throw usageError(`--${given} needs --corpus beside it.`);
  return started?.corpus ?? missing('corpus');
}

function missing(option: 'corpus' | 'base' | 'target'): never {
  throw usageError(`study needs --${option}: see "notespace study --help".`);
}

function listed(option: string, text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw usageError(`--${option} needs names with commas between them.`);
  return [...new Set(names)];
}

function recipesOf(text: string): StudyRecipeName[] {
  const names = listed('recipes', text);
  const unknown = names.find((name) => !studyRecipeNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw usageError(`--recipes names some of ${studyRecipeNames.join(', ')}, not "${unknown}".`);
  }
  return studyRecipeNames.filter((name) => names.includes(name));
}
