/** Makes an ordinary job of a part of a study, once the parts before it have ended. */
import { join } from 'node:path';
import { exists } from '../../../core/base/files.js';
import { describeModel } from '../../../core/model/describeModel.js';
import { usualNeighbours } from '../../../protocol/catalogue/analysis.js';
import { studyRecipeEntries } from '../../../protocol/catalogue/study.js';
import type { StudyRecipe, StudyRecipeName } from '../../../protocol/catalogue/study.js';
import type { AnalyzeJob } from '../../../protocol/analysis.js';
import type { CorpusSpec } from '../../../protocol/corpusSpec.js';
import type { AskedContrast, EvaluateJob } from '../../../protocol/evaluation.js';
import { proposedWords } from '../../../protocol/evaluation.js';
import { runFileNames } from '../../../protocol/run.js';
import type { JobSpec } from '../../../protocol/run.js';
import { studyFileNames } from '../../../protocol/study.js';
import type { StudyPart, StudyPlan } from '../../../core/study/study.js';
import type { StudyJob } from '../../../protocol/study.js';
import { folderOf } from './facts.js';

export interface AdaptedModel {
  readonly recipe: StudyRecipeName;
  readonly model: string;
}

/** Folder of a part's run. */
export function partFolder(study: string, { id }: Pick<StudyPart, 'id'>): string {
  return join(study, studyFileNames.parts, id);
}

/** @returns a sentence where there is nothing to measure */
export async function partJob(
  part: StudyPart,
  plan: StudyPlan<StudyJob>,
  study: string,
): Promise<JobSpec | { readonly nothing: string }> {
  const { job } = plan;
  const { corpus, seed, device } = job;
  const { bases, adapted } = await modelsOf(part, plan, study);
  const models = [...bases, ...adapted.map(({ model }) => model)];
  switch (part.kind) {
    case 'train': {
      const { objective } = studyRecipeEntries[part.recipe];
      const [base] = bases;
      if (base === undefined) return { nothing: 'There is no base to train.' };
      return {
        ...{ kind: 'pretrain', corpus, objective, base, seed, config: part.config },
        // The only device that trains.
        ...{ device: 'auto', maxSteps: part.steps, resume: false },
      };
    }
    case 'frozen':
    case 'fine-tuned':
      return evaluation(part, { corpus, seed, device, models, adapted });
    case 'space': {
      const { clusterField } = plan.data;
      const mapping = clusterField === null ? {} : { category: clusterField };
      const clustered: CorpusSpec = { ...corpus, mapping: { ...corpus.mapping, ...mapping } };
      return {
        ...analysis(clustered, models, job),
        contrasts: pairs(adapted, isCategory, (recipe) => !isCategory(recipe)),
        maps: true,
      };
    }
    case 'forgotten-words':
    case 'forgotten-space': {
      const other = job.forgettingCorpus;
      if (other === null) return { nothing: 'There is no second corpus.' };
      if (part.kind === 'forgotten-space') return analysis(other, models, job);
      const able = await withHeads(bases, adapted);
      if (able.length < 2) {
        return { nothing: 'No adapted model can be compared with its base in guessing words.' };
      }
      const common = { corpus: other, models: able, seed, device };
      return { kind: 'evaluate', protocol: 'mlm', ...common };
    }
  }
}

function analysis(
  corpus: CorpusSpec,
  models: readonly string[],
  { seed, device }: StudyPlan<StudyJob>['job'],
): AnalyzeJob {
  return {
    ...{ kind: 'analyze', corpus, models, device, seed, neighbours: usualNeighbours },
    ...{ edges: 'either', threshold: null, clusters: null, withText: false, store: null },
  };
}

function evaluation(
  part: Extract<StudyPart, { kind: 'frozen' | 'fine-tuned' }>,
  given: Pick<EvaluateJob, 'corpus' | 'seed' | 'models'> & {
    readonly device: NonNullable<EvaluateJob['device']>;
    readonly adapted: readonly AdaptedModel[];
  },
): EvaluateJob {
  const { adapted, models, ...common } = given;
  const isFrozen = part.kind === 'frozen';
  const contrasts: AskedContrast[] = isFrozen
    ? familyContrasts(adapted, 'frozen')
    : [
        ...familyContrasts(adapted, 'fine-tuning'),
        ...models.map((model): AskedContrast => ({
          a: { model, protocol: 'frozen' },
          b: { model, protocol: 'fine-tuning' },
        })),
      ];
  return {
    ...{ kind: 'evaluate', protocol: 'frozen', models, ...common },
    ...(isFrozen ? {} : { also: 'fine-tuning' }),
    classification: {
      ...{ target: part.target, labels: 'auto', seeds: part.seeds },
      shots: isFrozen ? part.shots : [part.shots],
      withoutWords: isFrozen && part.withoutWords ? proposedWords : [],
      ...{ fineTuning: {}, store: null, contrasts },
    },
  };
}

/** Contrast against the other families, and note categories against the rest. */
function familyContrasts(
  adapted: readonly AdaptedModel[],
  protocol: EvaluateJob['protocol'],
): AskedContrast[] {
  const asked = [
    ...pairs(adapted, isContrast, (recipe) => !isContrast(recipe)),
    ...pairs(adapted, isCategory, (recipe) => !isCategory(recipe)),
  ];
  return asked.map(({ a, b }) => ({
    a: { model: a, protocol },
    b: { model: b, protocol },
  }));
}

const isContrast = ({ family }: StudyRecipe): boolean => family === 'contrast';
const isCategory = ({ family }: StudyRecipe): boolean => family === 'category';

function pairs(
  adapted: readonly AdaptedModel[],
  first: (recipe: StudyRecipe) => boolean,
  second: (recipe: StudyRecipe) => boolean,
): { readonly a: string; readonly b: string }[] {
  const those = (test: typeof first): readonly AdaptedModel[] =>
    adapted.filter(({ recipe }) => test(studyRecipeEntries[recipe]));
  return those(first).flatMap((a) => those(second).map((b) => ({ a: a.model, b: b.model })));
}

/** Those of the part's group; adapted ones as far as their training came to an end. */
export async function modelsOf(
  { group: name }: Pick<StudyPart, 'group'>,
  plan: StudyPlan<StudyJob>,
  study: string,
): Promise<{ readonly bases: readonly string[]; readonly adapted: readonly AdaptedModel[] }> {
  const group = plan.groups.find((each) => each.name === name);
  const base = group?.base ?? null;
  const { job } = plan;
  const named =
    base === null ? [...new Set(job.models)].filter((model) => !job.bases.includes(model)) : [base];
  const bases = await Promise.all(named.map(folderOf));
  const adapted: AdaptedModel[] = [];
  for (const part of plan.parts) {
    if (part.kind !== 'train' || part.group !== name) continue;
    const model = join(partFolder(study, part), runFileNames.model);
    if (await exists(join(model, 'config.json'))) adapted.push({ recipe: part.recipe, model });
  }
  return { bases, adapted };
}

/** Of a base without a head, the one that was made for it in a training; adapted models that have one. */
async function withHeads(
  bases: readonly string[],
  adapted: readonly AdaptedModel[],
): Promise<string[]> {
  const able: string[] = [];
  for (const base of bases) {
    if ((await describeModel(base)).hasMlmHead) able.push(base);
    else {
      for (const { model } of adapted) {
        const made = join(model, '..', runFileNames.baseWithHead);
        if (!(await exists(join(made, 'config.json')))) continue;
        able.push(made);
        break;
      }
    }
  }
  if (able.length === 0) return [];
  for (const { model } of adapted) {
    if ((await describeModel(model)).hasMlmHead) able.push(model);
  }
  return able;
}
