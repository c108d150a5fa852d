/** Schemas of what a study is asked for, plans and gives. */
import * as z from 'zod/mini';
import type { DeviceName } from '../protocol/catalogue/devices.js';
import { studyPresetNames, studyRecipeNames } from '../protocol/catalogue/study.js';
import type { CorpusSpec } from '../protocol/corpusSpec.js';
import type { StudyPart, StudyPlan } from '../core/study/study.js';
import type { StudyJob } from '../protocol/study.js';

const text = z.string();
const figure = z.number();
const whole = z.int();

export function studyJobOf(corpus: z.ZodMiniType<CorpusSpec>, device: z.ZodMiniType<DeviceName>) {
  return z.object({
    kind: z.literal('study'),
    corpus,
    forgettingCorpus: z.nullable(corpus),
    bases: z.array(text),
    models: z.array(text),
    recipes: z.array(z.enum(studyRecipeNames)),
    targets: z.array(text),
    preset: z.enum(studyPresetNames),
    budgetSeconds: z.nullable(figure),
    steps: z.nullable(whole),
    device,
    seed: whole,
  });
}

export function studyPlanOf(job: z.ZodMiniType<StudyJob>): z.ZodMiniType<StudyPlan<StudyJob>> {
  return z.object({
    format: z.literal(1),
    job,
    data: z.object({
      documents: figure,
      train: figure,
      heldOut: figure,
      categories: figure,
      fingerprint: text,
      hasOwnSplit: z.boolean(),
      hasGroups: z.boolean(),
      classes: z.array(figure),
      clusterField: z.nullable(text),
    }),
    groups: z.array(z.object({ name: text, base: z.nullable(text) })),
    parts: z.array(part()),
    seconds: figure,
    budgetSeconds: z.nullable(figure),
    cuts: z.array(text),
  });
}

function part(): z.ZodMiniType<StudyPart> {
  const common = {
    id: text,
    group: text,
    after: z.array(text),
    optional: z.boolean(),
    seconds: figure,
  };
  const shots = z.union([whole, z.literal('all')]);
  const classified = { target: text, seeds: whole };
  const plain = (kind: 'space' | 'forgotten-words' | 'forgotten-space') =>
    z.object({ kind: z.literal(kind), ...common });
  return z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('train'),
      ...common,
      recipe: z.enum(studyRecipeNames),
      steps: whole,
      config: z.record(text, z.unknown()),
    }),
    z.object({
      kind: z.literal('frozen'),
      ...common,
      ...classified,
      shots: z.array(shots),
      withoutWords: z.boolean(),
    }),
    z.object({ kind: z.literal('fine-tuned'), ...common, ...classified, shots }),
    plain('space'),
    plain('forgotten-words'),
    plain('forgotten-space'),
  ]) as z.ZodMiniType as z.ZodMiniType<StudyPart>;
}

export function studyResult() {
  return z.object({
    kind: z.literal('study'),
    report: text,
    models: z.array(
      z.object({
        model: text,
        name: text,
        base: z.nullable(text),
        recipe: z.nullable(z.enum(studyRecipeNames)),
        ratio: z.nullable(figure),
      }),
    ),
    findings: z.array(
      z.object({ claim: text, holds: z.nullable(z.boolean()), evidence: z.array(text) }),
    ),
    missing: z.array(text),
  });
}
