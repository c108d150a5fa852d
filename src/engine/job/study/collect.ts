/** Reads what the parts of a study that are done have given. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type {
  ClassifiedPart,
  SpacePart,
  StudyOutcome,
  TrainedPart,
} from '../../../core/study/outcome.js';
import { studyRecipeEntries } from '../../../protocol/catalogue/study.js';
import { mapsName } from '../../../protocol/analysis.js';
import type { AnalysisMaps } from '../../../protocol/analysis.js';
import { evaluationFileNames } from '../../../protocol/evaluationFiles.js';
import type { StudyModel } from '../../../protocol/catalogue/study.js';
import { checked } from '../../runChecks.js';
import { modelName } from '../../bundledModel.js';
import { modelsOf, partFolder } from './partJob.js';
import type { PartNow, StudyPlace } from './statuses.js';

export async function collectOutcome(
  place: StudyPlace,
  parts: readonly PartNow[],
): Promise<StudyOutcome> {
  const trained: TrainedPart[] = [];
  const classified: ClassifiedPart[] = [];
  const spaces: SpacePart[] = [];
  const forgottenWords: StudyOutcome['forgottenWords'][number][] = [];
  const forgottenSpaces: SpacePart[] = [];
  for (const { part, status } of parts) {
    if (status.is !== 'done') continue;
    const { group } = part;
    const { result } = status.state;
    const folder = partFolder(place.folder, part);
    if (part.kind === 'train' && result?.kind === 'pretrain') {
      trained.push({ group, recipe: part.recipe, result });
    } else if (result?.kind === 'evaluate') {
      if (part.kind === 'forgotten-words') forgottenWords.push({ group, result });
      if (part.kind !== 'frozen' && part.kind !== 'fine-tuned') continue;
      classified.push({
        ...{ group, target: part.target, result },
        protocol: part.kind === 'frozen' ? 'frozen' : 'fine-tuning',
        shots: part.kind === 'frozen' ? part.shots : [part.shots],
        sawTarget: await sawTarget(folder),
      });
    } else if (result?.kind === 'analyze') {
      const space = {
        group,
        result,
        overlaps: await overlapsIn(folder),
        maps: await mapsIn(folder),
      };
      (part.kind === 'space' ? spaces : forgottenSpaces).push(space);
    }
  }
  const models = await modelsIn(place, trained);
  return { models, trained, classified, spaces, forgottenWords, forgottenSpaces };
}

async function modelsIn(
  { folder, plan }: StudyPlace,
  trained: readonly TrainedPart[],
): Promise<StudyModel[]> {
  const models: StudyModel[] = [];
  const several = plan.groups.filter(({ base }) => base !== null).length > 1;
  for (const group of plan.groups) {
    const { bases, adapted } = await modelsOf({ group: group.name }, plan, folder);
    for (const model of bases) {
      const name = group.base === null ? modelName(model) : group.name;
      models.push({ model, name, base: null, recipe: null, ratio: null });
    }
    const [base = null] = bases;
    for (const { recipe, model } of adapted) {
      const { label } = studyRecipeEntries[recipe];
      const of = trained.find((each) => each.group === group.name && each.recipe === recipe);
      const name = several ? `${label} (${group.name})` : label;
      models.push({ model, name, base, recipe, ratio: of?.result.merge?.ratio ?? null });
    }
  }
  return models;
}

const evaluationReport = z.object({
  models: z.array(z.object({ model: z.string(), sawTarget: z.nullable(z.string()) })),
});

async function sawTarget(folder: string): Promise<string[]> {
  const file = join(folder, evaluationFileNames.report);
  const { models } = checked(evaluationReport, await readJson(file), { file, run: folder });
  return models.flatMap((each) => (each.sawTarget === null ? [] : each.model));
}

const figure = z.nullable(z.number());
const analysisReport = z.object({
  moved: z.array(
    z.object({ a: z.string(), overlap: z.object({ value: figure, low: figure, high: figure }) }),
  ),
});

async function overlapsIn(folder: string): Promise<SpacePart['overlaps']> {
  const file = join(folder, evaluationFileNames.report);
  const { moved } = checked(analysisReport, await readJson(file), { file, run: folder });
  return moved.map(({ a, overlap }) => ({ model: a, overlap }));
}

const mapsSchema: z.ZodMiniType<AnalysisMaps> = z.object({
  format: z.literal(1),
  categories: z.array(z.string()),
  category: z.array(z.number()),
  models: z.array(z.object({ model: z.string(), x: z.array(z.number()), y: z.array(z.number()) })),
});

async function mapsIn(folder: string): Promise<AnalysisMaps | null> {
  const file = join(folder, mapsName);
  const value = await readJson(file).catch(() => null);
  return value === null ? null : checked(mapsSchema, value, { file, run: folder });
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}
