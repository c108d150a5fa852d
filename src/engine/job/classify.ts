/** Evaluates how well models predict a field of the notes: parts, runs, and what they come to. */
import { join } from 'node:path';
import { createRandom } from '../../core/base/random.js';
import { usageError } from '../../core/base/errors.js';
import { hashText } from '../../core/base/hash.js';
import type { Backend } from '../../core/backend/backend.js';
import type { Corpus } from '../../core/corpus/corpus.js';
import type { Document } from '../../core/corpus/document.js';
import { unitsOf } from '../../core/corpus/units.js';
import { copiesAcross, splitInThree, usualFractions } from '../../core/corpus/threeParts.js';
import type { ThreeParts } from '../../core/corpus/threeParts.js';
import { parameterSpecs } from '../../core/encoder/declarations.js';
import { initialParameters } from '../../core/encoder/parameters.js';
import { assess } from '../../core/evaluate/classification/assess.js';
import type { Assessment, Setting } from '../../core/evaluate/classification/assess.js';
import { materialOf } from '../../core/evaluate/classification/material.js';
import type { Material } from '../../core/evaluate/classification/material.js';
import { runClassifier } from '../../core/evaluate/classification/runs.js';
import { wordBaselines } from '../../core/evaluate/classification/words.js';
import { parseFineTuningSettings } from '../../core/evaluate/fineTuning/settings.js';
import { removeWords } from '../../core/evaluate/leakage/removeWords.js';
import { evaluationProtocols } from '../../core/evaluate/registry.js';
import type { Candidate, EvaluationSetup, ModelRuns } from '../../core/evaluate/protocol.js';
import { sawTarget } from '../../core/evaluate/samples/sawTarget.js';
import type { SeenTarget } from '../../core/evaluate/samples/sawTarget.js';
import { withoutSeen } from '../../core/evaluate/samples/seenDocuments.js';
import type { SeenCount } from '../../core/evaluate/samples/seenDocuments.js';
import { readTarget, targetRemarks } from '../../core/evaluate/samples/target.js';
import { modelHash } from '../../core/model/modelFiles.js';
import { readModel } from '../../core/model/readModel.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import { writeModel } from '../../core/model/writeModel.js';
import { trainingDefaults } from '../../core/train/config.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import type { ClassificationSpec, EvaluateJob } from '../../protocol/run.js';
import { availableMemoryBytes } from '../resources.js';
import type { JobContext } from './context.js';
import { embedTexts } from './evaluationVectors.js';
import { finishedParts } from './finishedParts.js';
import { withFolder } from './neighbourScore.js';

/** Stands for the model with random weights in tables. */
export const untrainedName = 'random-weights';

export interface Classification {
  readonly assessment: Assessment;
  readonly material: Material;
  readonly parts: ThreeParts;
  readonly seen: readonly SeenCount[];
  /** By model: whether its training saw the target. */
  readonly sawTarget: ReadonlyMap<string, SeenTarget | null>;
  /** Test notes that have a near-copy among the others. */
  readonly copies: number;
  /** One sentence each. */
  readonly remarks: readonly string[];
}

export interface ClassifyOptions {
  readonly job: EvaluateJob & { readonly classification: ClassificationSpec };
  readonly corpus: Corpus;
  readonly documents: readonly Document[];
  readonly candidates: readonly Candidate[];
  /** By model: the model it was trained from, if that is evaluated too. */
  readonly baseOf: ReadonlyMap<string, string | null>;
  readonly backend: Backend;
}

export async function classify(
  options: ClassifyOptions,
  context: JobContext,
): Promise<Classification> {
  const { job, corpus, documents, candidates, baseOf } = options;
  const { classification: spec, seed } = job;
  const { note, onProgress, signal } = context;
  const target = readTarget(documents, spec.target, spec.labels);
  const parts = splitInThree(documents, {
    seed,
    fractions: usualFractions,
    pretrainingHeldOut: trainingDefaults.heldOutFraction,
    classesOf: target.classesOf,
  });
  const records = await Promise.all(
    candidates.map(async ({ folder }) => ({
      model: folder,
      ...(await readTrainingRecord(folder)),
    })),
  );
  const { unseen, seen } = withoutSeen(parts.test, records);
  if (unseen.length === 0) {
    throw usageError('The models were trained on every test note: evaluate on another corpus.');
  }
  const tested = { ...parts, test: unseen };
  const textsOf = (of: readonly Document[]): readonly string[] => {
    const texts = of.map(({ text }) => text);
    return spec.withoutWords.length === 0 ? texts : removeWords(texts, spec.withoutWords).texts;
  };
  const material = materialOf(tested, target, textsOf);
  const remarks = targetRemarks(target, material.train, material.test);
  for (const remark of remarks) note(remark);

  const protocols: readonly ProtocolName[] = [job.protocol, ...(job.also ? [job.also] : [])];
  const settings = await withUntrained(candidates, context, async (untrained) => {
    const basis = await basisOf(material, candidates);
    const setup = setupOf(options, material, parts.train, untrained, basis, context);
    const found: Setting[] = [];
    for (const protocol of protocols) {
      const seeds = seedsOf(spec.seeds ?? protocolEntries[protocol].target?.seeds ?? 1, seed);
      const given = { ...setup, seeds };
      if (protocol === protocols[0]) {
        for (const runs of await wordRuns(given, context))
          found.push(...settingsOf(runs, protocol));
      }
      const { runs = [] } = await evaluationProtocols[protocol](given);
      for (const each of runs) {
        const model = each.model === untrained.folder ? untrainedName : each.model;
        found.push(...settingsOf({ ...each, model }, protocol));
      }
    }
    return found;
  });
  const assessment = await assess(settings, {
    testSet: material.testSet,
    classNames: target.classes,
    groups: groupsOf(material.test.documents),
    models: candidates.map(({ folder }) => ({ model: folder, base: baseOf.get(folder) ?? null })),
    seed,
    signal,
    onProgress: (done, total) =>
      onProgress({
        phase: 'Working out intervals',
        done: Math.round((100 * done) / total),
        total: 100,
        unit: '%',
      }),
  });
  return {
    assessment,
    material,
    parts: tested,
    seen,
    sawTarget: new Map(
      records.map(({ model, categoryField }) => [
        model,
        sawTarget(categoryField, spec.target, corpus.mapping, documents),
      ]),
    ),
    copies: copiesAcross(tested),
    remarks,
  };
}

function seedsOf(count: number, first: number): [number, ...number[]] {
  return [first, ...Array.from({ length: count - 1 }, (_, i) => first + i + 1)];
}

/** Runs of one classifier, by the number of labels. */
function settingsOf({ model, isMain, runs }: ModelRuns, protocol: ProtocolName): Setting[] {
  const shots = [...new Set(runs.map((run) => run.shots))];
  return shots.map((count) => {
    const own = runs.filter((run) => run.shots === count);
    return { model, protocol, classifier: own[0]!.classifier, isMain, shots: count, runs: own };
  });
}

async function wordRuns(setup: EvaluationSetup, { now }: JobContext): Promise<ModelRuns[]> {
  const { classification, shots, seeds, signal, pauseGate, note, onProgress } = setup;
  if (classification === null) return [];
  const { material, once } = classification;
  const found: ModelRuns[] = [];
  const baselines = wordBaselines(material, { now, signal });
  for (const [done, baseline] of baselines.entries()) {
    onProgress({ phase: 'Measuring baselines', done, total: baselines.length, unit: 'baselines' });
    const runs = await runClassifier(baseline, baseline.model, {
      ...{ material, shots, seeds, signal, pauseGate, once, note },
      onRun: () => undefined,
    });
    found.push({ model: baseline.model, isMain: true, runs });
  }
  return found;
}

function setupOf(
  { job, corpus, candidates, backend }: ClassifyOptions,
  material: Material,
  train: readonly Document[],
  untrained: Candidate,
  basis: string,
  context: JobContext,
): EvaluationSetup {
  const { threads, signal, pauseGate, onProgress, note, now, runFolder } = context;
  const { classification: spec, seed } = job;
  const unitOf = new Map<Document, string>();
  const all = [...material.train.documents, ...material.test.documents];
  for (const [name, members] of unitsOf(all)) for (const each of members) unitOf.set(each, name);
  return {
    candidates,
    mapping: corpus.mapping,
    train,
    heldOut: material.test.documents,
    shots: spec.shots,
    seeds: [seed],
    ...{ backend, threads, signal, pauseGate, onProgress, note },
    classification: {
      material,
      untrained,
      embed: (candidate, texts) => embedTexts(candidate, texts, spec.store, context),
      belongTogether: (test, position) =>
        unitOf.get(material.test.documents[test]!) ===
        unitOf.get(material.train.documents[position]!),
      fineTuning: parseFineTuningSettings(spec.fineTuning),
      availableMemoryBytes: availableMemoryBytes(),
      residentBytes: () => process.memoryUsage().rss,
      once: finishedParts(runFolder === null ? null : join(runFolder, 'parts'), basis),
      now,
    },
  };
}

/** Changes when a note, its class, its part or a model does. */
async function basisOf(
  { target, train, validation, test }: Material,
  candidates: readonly Candidate[],
): Promise<string> {
  const notes = [train, validation, test].map(({ texts, actual }) => [texts, [...actual]]);
  const models = await Promise.all(candidates.map(({ folder }) => modelHash(folder)));
  return hashText(JSON.stringify([target.classes, notes, models]));
}

/** Numbers of the groups of test notes; `null` if none is known. */
function groupsOf(documents: readonly Document[]): Int32Array | null {
  if (documents.every(({ group }) => group === null)) return null;
  const numbers = new Map<string, number>();
  return Int32Array.from(documents, ({ group, id }) => {
    const name = group === null ? `note ${id}` : `group ${group}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

/** Lends a model like the first candidate, with random weights. */
async function withUntrained<T>(
  [first]: readonly Candidate[],
  { runFolder, cacheFolder }: JobContext,
  use: (untrained: Candidate) => Promise<T>,
): Promise<T> {
  if (first === undefined) throw usageError('Name at least one model to evaluate.');
  const folder = join(runFolder ?? cacheFolder, untrainedName);
  return withFolder(folder, async () => {
    const { config, sentence } = await readModel(first.folder);
    const specs = parameterSpecs(config, { mlmHead: false });
    const tokenizer = await readTokenizer(first.folder, config);
    await writeModel(folder, {
      config,
      parameters: initialParameters(specs, config, createRandom(0, untrainedName)),
      sentence,
      tokenizerFiles: tokenizer.files,
      dtype: 'F32',
      onnx: null,
      trainingHashes: null,
      card: '',
    });
    return use({
      folder,
      name: untrainedName,
      async load() {
        const model = await readModel(folder);
        return { ...model, tokenizer };
      },
    });
  });
}
