/**
 * Schemas of the files in a run folder, which other programs may write too (another version, a script).
 * Names come from the catalogue.
 */
import * as z from 'zod/mini';
import { analysisFigureNames, edgeRules } from '../protocol/catalogue/analysis.js';
import { automatic, deviceNames } from '../protocol/catalogue/devices.js';
import { comparisonReasons, textsNames } from '../protocol/catalogue/evaluation.js';
import { dateOrders, escapeNames, formatNames, quoteNames } from '../protocol/catalogue/reading.js';
import type { Reading } from '../protocol/catalogue/reading.js';
import type { DeviceName } from '../protocol/catalogue/devices.js';
import { fieldRoleNames } from '../protocol/catalogue/fieldRoles.js';
import type { FieldMapping, FieldRole } from '../protocol/catalogue/fieldRoles.js';
import { objectiveNames } from '../protocol/catalogue/objectives.js';
import { figureNames, protocolNames } from '../protocol/catalogue/protocols.js';
import { runEndNames } from '../protocol/catalogue/runEnds.js';
import { proposedWords } from '../protocol/evaluation.js';
import { neighbourKinds } from '../protocol/pretraining.js';
import { runCommands, runStatuses } from '../protocol/run.js';
import type { AnalyzeComparison, AnalyzedModel } from '../protocol/analysis.js';
import type {
  AskedContrast,
  ClassificationSpec,
  EvaluateComparison,
  EvaluateContrast,
  EvaluateRow,
  EvaluateSummary,
} from '../protocol/evaluation.js';
import type { HubDownload } from '../protocol/modelImport.js';
import type { PretrainPlan } from '../protocol/pretraining.js';
import type {
  JobKind,
  JobResult,
  JobSpec,
  MetricsLine,
  RunControl,
  RunState,
} from '../protocol/run.js';
import { studyJobOf, studyPlanOf, studyResult } from './studySchemas.js';

const text = z.string();
const figure = z.number();
const whole = z.int();
const unknownFigure = z.nullable(figure);

const field = z.exactOptional(z.nullable(text));
type MappingShape = Record<FieldRole, typeof field>;

/** Created on first use, to keep activation of the extension fast. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Some roles mapped to a field or to none; the rest are guessed. */
export const mappingSchema: z.ZodMiniType<Partial<FieldMapping>> = z.strictObject(
  Object.fromEntries(fieldRoleNames.map((role) => [role, field])) as MappingShape,
);

/** How a file is read, as far as settled by hand. */
export const readingSchema: z.ZodMiniType<Reading> = z.strictObject({
  delimiter: z.optional(text),
  quote: z.optional(z.enum(quoteNames)),
  escape: z.optional(z.enum(escapeNames)),
  encoding: z.optional(text),
  header: z.optional(z.boolean()),
  skipRows: z.optional(z.int().check(z.gte(0))),
  format: z.optional(z.enum(formatNames)),
  missingValues: z.optional(z.array(z.string())),
  moreText: z.optional(z.array(text)),
  joinLines: z.optional(text),
  keep: z.optional(z.array(text)),
  dateOrder: z.optional(z.enum(dateOrders)),
});

const corpus = once(() =>
  z.object({
    source: text,
    mapping: mappingSchema,
    reading: z.optional(readingSchema),
    only: z.optional(text),
  }),
);
const device = once(() => z.enum([automatic.name, ...deviceNames] satisfies DeviceName[]));

const hubModel: () => z.ZodMiniType<HubDownload> = once(() =>
  z.object({
    name: text,
    revision: text,
    files: z.array(z.object({ path: text, bytes: figure, sha256: z.nullable(text) })),
  }),
);

const shots = once(() => z.union([whole, z.literal('all')]));
const contrastSide = once(() => z.object({ model: text, protocol: z.enum(protocolNames) }));
const askedContrast: () => z.ZodMiniType<AskedContrast> = once(() =>
  z.object({ a: contrastSide(), b: contrastSide() }),
);
const classification: () => z.ZodMiniType<ClassificationSpec> = once(() =>
  z.object({
    target: text,
    labels: z.enum(['auto', 'one', 'several']),
    shots: z.array(shots()),
    seeds: z.nullable(whole),
    withoutWords: z.union([z.array(text), z.literal(proposedWords)]),
    fineTuning: z.record(text, z.unknown()),
    store: z.nullable(text),
    contrasts: z.exactOptional(z.array(askedContrast())),
  }),
);

const studyJob = once(() => studyJobOf(corpus(), device()));
/** Of the plan in a study's folder. */
export const studyPlanSchema = once(() => studyPlanOf(studyJob()));

export const jobSchema: () => z.ZodMiniType<JobSpec> = once(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('index'),
      corpus: corpus(),
      model: text,
      store: text,
      beside: z.exactOptional(text),
      device: device(),
      prompts: z.exactOptional(
        z.object({ query: z.exactOptional(text), document: z.exactOptional(text) }),
      ),
    }),
    z.object({
      kind: z.literal('pretrain'),
      corpus: corpus(),
      objective: z.enum(objectiveNames),
      base: text,
      device: device(),
      maxSteps: z.nullable(whole),
      seed: whole,
      resume: z.boolean(),
      finish: z.exactOptional(z.boolean()),
      config: z.record(text, z.unknown()),
    }),
    z.object({
      kind: z.literal('evaluate'),
      protocol: z.enum(protocolNames),
      also: z.exactOptional(z.enum(protocolNames)),
      corpus: corpus(),
      models: z.array(text),
      seed: whole,
      device: z.exactOptional(device()),
      classification: z.exactOptional(classification()),
    }),
    z.object({
      kind: z.literal('analyze'),
      corpus: corpus(),
      models: z.array(text),
      device: device(),
      seed: whole,
      neighbours: whole,
      edges: z.enum(edgeRules),
      threshold: unknownFigure,
      clusters: z.nullable(whole),
      withText: z.boolean(),
      store: z.nullable(text),
      contrasts: z.exactOptional(z.array(z.object({ a: text, b: text }))),
      maps: z.exactOptional(z.boolean()),
    }),
    studyJob(),
    z.object({ kind: z.literal('project'), store: text, seed: whole }),
    z.object({
      kind: z.literal('import'),
      source: z.union([z.object({ folder: text }), z.object({ hubUrl: text, model: hubModel() })]),
      target: text,
    }),
  ]),
);

const figures = once(() =>
  Object.fromEntries(
    // A non-finite figure is written as null.
    figureNames.map((name) => [name, z.exactOptional(unknownFigure)] as const),
  ),
);
const evaluateRow = once(
  () =>
    z.object({
      ...figures(),
      model: text,
      protocol: z.enum(protocolNames),
      shots: z.exactOptional(shots()),
      seed: z.exactOptional(whole),
      texts: z.exactOptional(z.enum(textsNames)),
    }) as z.ZodMiniType as z.ZodMiniType<EvaluateRow>,
);

const estimate = once(() => z.object({ mean: figure, low: figure, high: figure }));
const evaluateSummary = once(
  () =>
    z.object({
      model: text,
      protocol: z.enum(protocolNames),
      shots: shots(),
      texts: z.exactOptional(z.enum(textsNames)),
      figures: z.partialRecord(z.enum(figureNames), estimate()),
    }) as z.ZodMiniType as z.ZodMiniType<EvaluateSummary>,
);
const evaluateComparison: () => z.ZodMiniType<EvaluateComparison> = once(() =>
  z.object({
    a: text,
    b: text,
    against: z.exactOptional(z.enum(comparisonReasons)),
    protocol: z.enum(protocolNames),
    shots: shots(),
    texts: z.exactOptional(z.enum(textsNames)),
    difference: estimate(),
    p: figure,
    pHolm: figure,
  }),
);

const evaluateContrast: () => z.ZodMiniType<EvaluateContrast> = once(() =>
  z.object({
    a: contrastSide(),
    b: contrastSide(),
    shots: shots(),
    texts: z.exactOptional(z.enum(textsNames)),
    difference: estimate(),
    p: figure,
  }),
);

const analyzedFigure = once(() =>
  z.object({ value: unknownFigure, low: unknownFigure, high: unknownFigure }),
);
const analyzedModel = once(
  () =>
    z.object({
      model: text,
      figures: z.partialRecord(z.enum(analysisFigureNames), analyzedFigure()),
      clusters: figure,
      denseClusters: figure,
      communities: figure,
      edges: figure,
      components: figure,
      mislabels: figure,
    }) as z.ZodMiniType as z.ZodMiniType<AnalyzedModel>,
);
const analyzeComparison: () => z.ZodMiniType<AnalyzeComparison> = once(() =>
  z.object({
    a: text,
    b: text,
    figure: z.enum(analysisFigureNames),
    difference: estimate(),
    p: figure,
    pHolm: figure,
  }),
);

const mergeOutcome = once(() =>
  z.object({
    ratio: figure,
    neighboursOf: z.nullable(z.enum(neighbourKinds)),
    candidates: z.array(
      z.object({ ratio: figure, heldOutLoss: figure, neighbours: unknownFigure }),
    ),
  }),
);

const result: () => z.ZodMiniType<JobResult> = once(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('index'),
      documents: figure,
      passages: figure,
      embedded: figure,
      reused: figure,
      removed: figure,
      seconds: figure,
    }),
    z.object({
      kind: z.literal('pretrain'),
      run: text,
      model: text,
      steps: figure,
      tokens: figure,
      documents: figure,
      documentsTrain: figure,
      documentsHeldOut: figure,
      documentsHeldOutSeen: unknownFigure,
      documentsSkipped: figure,
      tokensPerSecond: figure,
      gemmShare: unknownFigure,
      loss: z.object({ first: unknownFigure, last: unknownFigure }),
      heldOutLoss: z.object({ before: figure, after: figure }),
      ended: z.exactOptional(z.enum(runEndNames)),
      merge: z.exactOptional(z.nullable(mergeOutcome())),
      baseWithHead: z.exactOptional(z.nullable(text)),
    }),
    z.object({
      kind: z.literal('evaluate'),
      documents: figure,
      maskedTokens: unknownFigure,
      results: z.array(evaluateRow()),
      summary: z.exactOptional(z.array(evaluateSummary())),
      comparisons: z.exactOptional(z.array(evaluateComparison())),
      contrasts: z.exactOptional(z.array(evaluateContrast())),
      verdict: z.array(text),
      leakage: z.exactOptional(z.array(z.object({ model: text, documents: unknownFigure }))),
    }),
    z.object({
      kind: z.literal('analyze'),
      documents: figure,
      models: z.array(analyzedModel()),
      comparisons: z.array(analyzeComparison()),
      contrasts: z.exactOptional(z.array(analyzeComparison())),
      findings: z.array(text),
      settings: z.record(text, z.union([text, figure, z.boolean(), z.null()])),
      leakage: z.array(z.object({ model: text, documents: unknownFigure })),
    }),
    studyResult(),
    z.object({ kind: z.literal('project'), points: figure, seconds: figure }),
    z.object({ kind: z.literal('import'), model: text, bytes: figure }),
  ]),
);

const plan: () => z.ZodMiniType<PretrainPlan> = once(() =>
  z.object({
    device: text,
    deviceReason: z.exactOptional(text),
    threads: figure,
    steps: figure,
    stages: z.exactOptional(z.array(z.object({ label: text, steps: figure }))),
    tokensPerStep: figure,
    trainedParameters: figure,
    parameters: figure,
    memoryBytes: figure,
    freeMemoryBytes: unknownFigure,
    diskBytes: figure,
    freeDiskBytes: unknownFigure,
    expectedSeconds: unknownFigure,
    categories: z.nullable(z.array(z.object({ name: text, documents: figure }))),
    advice: z.array(text),
  }),
);

const kinds = {
  index: true,
  pretrain: true,
  evaluate: true,
  analyze: true,
  study: true,
  project: true,
  import: true,
} as const satisfies Record<JobKind, true>;

export const stateSchema: () => z.ZodMiniType<RunState> = once(() =>
  z.object({
    format: z.literal(1),
    kind: z.enum(Object.keys(kinds) as JobKind[]),
    name: text,
    status: z.enum(runStatuses),
    pid: whole,
    host: z.exactOptional(text),
    startedAt: figure,
    updatedAt: figure,
    progress: z.nullable(z.object({ phase: text, done: figure, total: unknownFigure, unit: text })),
    plan: z.exactOptional(z.nullable(plan())),
    notes: z.array(text),
    result: z.nullable(result()),
    error: z.nullable(z.object({ message: text, kind: z.enum(['usage', 'failed']) })),
    cost: z.exactOptional(
      z.object({ seconds: figure, cpuSeconds: figure, peakMemoryBytes: figure }),
    ),
  }),
);

export const controlSchema: () => z.ZodMiniType<RunControl> = once(() =>
  z.object({
    format: z.literal(1),
    command: z.enum(runCommands),
    at: figure,
  }),
);

export const metricsSchema: () => z.ZodMiniType<MetricsLine> = once(() =>
  z.object({
    format: z.literal(1),
    step: whole,
    time: figure,
    loss: unknownFigure,
    losses: z.record(text, figure),
    learningRate: unknownFigure,
    gradNorm: unknownFigure,
    tokensPerSecond: unknownFigure,
    heldOutLoss: unknownFigure,
    heldOutLosses: z.exactOptional(z.record(text, figure)),
    memoryBytes: unknownFigure,
  }),
);
