/** Plans a study: its parts as data, how long they take, and what is cut to fit the budget. */
import { studyPresetEntries, studyRecipeEntries } from '../../protocol/catalogue/study.js';
import type { StudyRecipeName } from '../../protocol/catalogue/study.js';
import type { StudyData, StudyGroup, StudyRequest, StudyPart, StudyPlan } from './study.js';
import { hashText } from '../base/hash.js';
import { plural } from '../base/wording.js';
import { trainingDefaults } from '../train/config.js';
import { classifyingSeconds, createEstimator, spaceSeconds, startSeconds } from './estimate.js';
import type { BatchSettings, Estimator, ModelSize } from './estimate.js';
import { cutsOf, settingsOf } from './settings.js';
import type { StudySettings } from './settings.js';

export interface GroupFacts extends StudyGroup {
  /** The base, or all further models. */
  readonly models: readonly (ModelSize & {
    /** Identifies it by content. */
    readonly hash: string;
  })[];
}

export interface StudyFacts {
  readonly data: StudyData;
  readonly groups: readonly GroupFacts[];
  /** Identifies the notes of the forgetting check, and how many there are; `null`: there is none. */
  readonly forgetting: { readonly fingerprint: string; readonly documents: number } | null;
  /** Speed of large matrix products on the threads that will be used. */
  readonly gigaflops: number;
}

/** Notes held out where the corpus has no parts of its own: what evaluation validates and tests on. */
const heldOutFraction = 0.3;

/** @param before an earlier plan of this study, whose steps are kept where they were chosen in the same way */
export function planStudy<Request extends StudyRequest>(
  job: Request,
  facts: StudyFacts,
  before: StudyPlan | null = null,
): StudyPlan<Request> {
  const preset = studyPresetEntries[job.preset];
  const budgetSeconds = job.budgetSeconds ?? (job.steps === null ? preset.budgetSeconds : null);
  const { recipes, left } = possibleRecipes(job, facts.data);
  const kept = keptSteps(job, facts, before);
  const partsWith = (settings: StudySettings): readonly StudyPart[] =>
    facts.groups.flatMap((group) => groupParts(group, recipes, settings, job, facts, kept));
  let parts = partsWith(settingsOf(job.preset));
  const cuts = [...left];
  if (job.forgettingCorpus === null) cuts.push(notForgotten);
  if (budgetSeconds !== null) {
    const sentences: string[] = [];
    for (const cut of cutsOf(settingsOf(job.preset), job.steps === null)) {
      if (secondsOf(parts) <= budgetSeconds) break;
      sentences.push(cut.sentence);
      parts = partsWith(cut.settings);
    }
    cuts.push(...onlyLast(sentences));
    if (secondsOf(parts) > budgetSeconds) cuts.push(tooShort(secondsOf(parts)));
  }
  return {
    format: 1,
    job,
    data: facts.data,
    groups: facts.groups.map(({ name, base }) => ({ name, base })),
    parts,
    seconds: secondsOf(parts),
    budgetSeconds,
    cuts,
  };
}

type KeptSteps = (group: string, recipe: StudyRecipeName) => number | null;

function keptSteps(job: StudyRequest, { data }: StudyFacts, before: StudyPlan | null): KeptSteps {
  const isAlike =
    before !== null &&
    before.job.preset === job.preset &&
    before.job.steps === null &&
    before.data.fingerprint === data.fingerprint;
  if (!isAlike) return () => null;
  return (group, recipe) => {
    const part = before.parts.find(
      (each) => each.kind === 'train' && each.group === group && each.recipe === recipe,
    );
    return part?.kind === 'train' ? part.steps : null;
  };
}

const notForgotten =
  'What adapted models forget is not measured: name a second corpus that nothing is trained on with --forgetting-corpus.';

export function secondsOf(parts: readonly StudyPart[]): number {
  return parts.reduce((sum, { seconds }) => sum + seconds, 0);
}

function tooShort(seconds: number): string {
  return `Even so it takes about ${duration(seconds)}, longer than the budget: pre-training and frozen models are measured all the same, and the rest is left out once the budget is spent.`;
}

/** "2 h 10 min", "25 min", "40 s" */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** A later cut of pre-training or fine-tuning says more than an earlier one. */
function onlyLast(sentences: readonly string[]): string[] {
  const kinds = ['Pre-training takes', 'Models are fine-tuned', 'No model is fine-tuned'];
  const kindOf = (sentence: string): string => {
    const kind = kinds.find((start) => sentence.startsWith(start)) ?? sentence;
    return kind === kinds[2] ? kinds[1]! : kind;
  };
  return sentences.filter(
    (sentence, i) => !sentences.slice(i + 1).some((later) => kindOf(later) === kindOf(sentence)),
  );
}

function possibleRecipes(
  { recipes }: StudyRequest,
  { categories }: StudyData,
): { readonly recipes: readonly StudyRecipeName[]; readonly left: readonly string[] } {
  if (categories > 1) return { recipes, left: [] };
  const possible = recipes.filter((name) => studyRecipeEntries[name].family !== 'category');
  const lost = recipes.length - possible.length;
  const reason = `${plural(lost, 'recipe')} of note categories cannot be run: the notes have no two categories, or none is named with --category-field.`;
  return { recipes: possible, left: lost === 0 ? [] : [reason] };
}

interface RecipeChoice extends Pick<StudyRequest, 'preset' | 'steps'> {
  /** Of the preset's passes. */
  readonly share: number;
  readonly estimator: Estimator;
  readonly hasOwnSplit: boolean;
}

/** The training configuration of a recipe, and its steps. */
function recipeConfig(
  name: StudyRecipeName,
  { preset, steps, share, estimator, hasOwnSplit }: RecipeChoice,
): { readonly config: Record<string, unknown>; readonly steps: number } {
  const recipe = studyRecipeEntries[name];
  const { epochs: usual, config: ofAll, configs } = studyPresetEntries[preset];
  const { epochs = usual, ...own } = { ...ofAll, ...configs[name] } as Record<string, unknown>;
  const config = {
    ...own,
    ...recipe.config,
    mergeWithBase: 'auto',
    ...(hasOwnSplit ? {} : { heldOutFraction }),
  };
  const perEpoch = estimator.stepsPerEpoch(recipe, batchOf(config));
  return {
    config,
    // An objective of two stages needs two.
    steps: Math.max(2, steps ?? Math.ceil(share * Number(epochs) * perEpoch)),
  };
}

function batchOf(config: Readonly<Record<string, unknown>>): BatchSettings {
  return { ...trainingDefaults, ...config };
}

/** The trainings of a base, and what is measured of the base and all that was made of it. */
function groupParts(
  group: GroupFacts,
  recipes: readonly StudyRecipeName[],
  settings: StudySettings,
  job: StudyRequest,
  { data, forgetting, gigaflops }: StudyFacts,
  kept: KeptSteps,
): StudyPart[] {
  const notes = { train: data.train, heldOut: data.heldOut };
  const estimators = group.models.map((model) => createEstimator(model, notes, gigaflops));
  const [first] = estimators;
  if (first === undefined) return [];
  const basis = [data.fingerprint, job.seed, job.device, group.models.map(({ hash }) => hash)];
  const part = (kind: StudyPart['kind'], detail: readonly string[], content: unknown): string => {
    const hash = hashText(JSON.stringify([kind, basis, content])).slice(0, 8);
    return [group.name, kind, ...detail].join('-').replace(/[^\w.-]+/g, '_') + `-${hash}`;
  };
  const trained = (group.base === null ? [] : recipes).map((recipe): StudyPart => {
    const steps = job.steps ?? kept(group.name, recipe);
    const { config, steps: needed } = recipeConfig(recipe, {
      ...{ preset: job.preset, steps, share: settings.trainingShare, estimator: first },
      hasOwnSplit: data.hasOwnSplit,
    });
    return {
      kind: 'train',
      id: part('train', [recipe], { recipe, steps: needed, config }),
      ...{ group: group.name, after: [], optional: false, recipe, steps: needed, config },
      seconds: first.training(studyRecipeEntries[recipe], batchOf(config), needed),
    };
  });
  const after = trained.map(({ id }) => id);
  // An adapted model costs what its base does.
  const counted = (of: (estimator: Estimator) => number): number =>
    estimators.reduce((sum, each) => sum + of(each), 0) + trained.length * of(first);
  const models = group.models.length + trained.length;
  const common = { group: group.name, after };
  const frozen = job.targets.map((target): StudyPart => {
    const { shots, frozenSeeds: seeds, withoutWords } = settings;
    const looks = withoutWords ? 2 : 1;
    return {
      kind: 'frozen',
      id: part('frozen', [target], { after, target, shots, seeds, withoutWords }),
      ...{ ...common, optional: false, target, shots, seeds, withoutWords },
      seconds:
        startSeconds +
        looks *
          (counted((each) => each.embedding()) +
            classifyingSeconds(models, { shots, seeds }, notes)),
    };
  });
  const fineTuned = job.targets.flatMap((target, i) =>
    settings.fineTuningShots.map((shots): StudyPart => {
      const seeds = settings.fineTuningSeeds;
      return {
        kind: 'fine-tuned',
        id: part('fine-tuned', [target, String(shots)], { after, target, shots, seeds }),
        ...{ ...common, optional: true, target, shots, seeds },
        seconds:
          startSeconds +
          counted((each) => each.fineTuning(shots, data.classes[i] ?? 2, seeds)) +
          classifyingSeconds(2 * models, { shots: [shots], seeds }, notes),
      };
    }),
  );
  const space: StudyPart = {
    kind: 'space',
    id: part('space', [], { after, clusterField: data.clusterField }),
    ...{ ...common, optional: false },
    seconds: startSeconds + models * spaceSeconds(data.heldOut),
  };
  return [...trained, ...frozen, space, ...fineTuned, ...forgettingParts()];

  function forgettingParts(): StudyPart[] {
    if (forgetting === null || group.base === null) return [];
    const { fingerprint, documents } = forgetting;
    const read = (counted((each) => each.embedding()) * documents) / Math.max(1, data.documents);
    return (['forgotten-words', 'forgotten-space'] as const).map((kind): StudyPart => ({
      kind,
      id: part(kind, [], { after, fingerprint }),
      ...{ ...common, optional: true },
      seconds:
        startSeconds + read + (kind === 'forgotten-space' ? models * spaceSeconds(documents) : 0),
    }));
  }
}
