/** Evaluates models on the same held-out notes, excluding any that one of them was trained on. */
import type { Backend } from '../../core/backend/backend.js';
import { trainingBackend } from '../../core/backend/registry.js';
import { usageError } from '../../core/base/errors.js';
import type { Corpus } from '../../core/corpus/corpus.js';
import type { Document } from '../../core/corpus/document.js';
import { splitDocuments } from '../../core/corpus/split.js';
import { comparedModels } from '../../core/evaluate/comparisons.js';
import type { LeakageWord } from '../../core/evaluate/leakage/words.js';
import type { Candidate } from '../../core/evaluate/protocol.js';
import { evaluationProtocols } from '../../core/evaluate/registry.js';
import { seenSentences, withoutSeen } from '../../core/model/seenDocuments.js';
import { readModel } from '../../core/model/readModel.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import { trainingDefaults } from '../../core/train/config.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { ProtocolEntry } from '../../protocol/catalogue/protocols.js';
import type { ClassificationSpec, EvaluateJob, EvaluateResult } from '../../protocol/evaluation.js';
import { automatic } from '../../protocol/catalogue/devices.js';
import { modelName } from '../bundledModel.js';
import { checkDevice, chooseDevice, chooseTrainingDevice } from '../devices.js';
import type { EmbeddingDevice } from '../devices.js';
import { classify, wordsNamingTarget } from './classify.js';
import { modelBases } from './classification/modelBases.js';
import type { JobContext } from './context.js';
import { loadDocuments } from './documents.js';
import { classificationResult, writeEvaluationReport } from './evaluationReport.js';

export async function runEvaluateJob(
  spec: EvaluateJob,
  context: JobContext,
): Promise<EvaluateResult> {
  const { protocol } = spec;
  const entry = protocolEntries[protocol];
  // Naming a model twice adds nothing.
  const models = [...new Set(spec.models)];
  if (models.length === 0) throw usageError('Name at least one model to evaluate.');
  const { corpus, documents } = await loadDocuments(spec.corpus, context);
  refuseMissingFields(corpus, entry);
  const candidates = models.map((folder) => candidateOf(folder, entry));
  if (entry.target === null) return compare(spec, candidates, corpus, documents, context);
  const classification = classificationOf(spec);
  const bases = await modelBases(models);
  const found = await classify(
    {
      job: { ...spec, classification },
      ...{ corpus, documents, candidates },
      compared: comparedModels(models, (model) => bases.get(model) ?? null),
      ...(await devicesOf(spec, context)),
    },
    context,
  );
  if (context.runFolder !== null) {
    await writeEvaluationReport(context.runFolder, spec, found, context.now());
  }
  return classificationResult(spec, found);
}

/** The words that name the target of a classification, most frequent first, for the user to edit. */
export async function runWordProposal(
  spec: EvaluateJob,
  context: JobContext,
): Promise<LeakageWord[]> {
  const { documents } = await loadDocuments(spec.corpus, context);
  return wordsNamingTarget(documents, { ...spec, classification: classificationOf(spec) });
}

function classificationOf({ classification, protocol }: EvaluateJob): ClassificationSpec {
  if (classification !== undefined) return classification;
  throw usageError(
    `${protocolEntries[protocol].label} predicts a field of the notes: name it with --target.`,
  );
}

/** A protocol without a target. */
async function compare(
  spec: EvaluateJob,
  candidates: readonly Candidate[],
  corpus: Corpus,
  documents: readonly Document[],
  context: JobContext,
): Promise<EvaluateResult> {
  const { protocol, seed } = spec;
  const { signal, threads, pauseGate, onProgress, note } = context;
  const { train, heldOut } = splitDocuments(documents, {
    seed,
    fractions: { heldOut: trainingDefaults.heldOutFraction },
  });
  if (heldOut.length === 0) {
    throw usageError(
      'No notes can be held out, since there are too few or all belong together: add notes of other patients.',
    );
  }
  const records = await Promise.all(
    candidates.map(async ({ folder }) => ({
      model: folder,
      ...(await readTrainingRecord(folder)),
    })),
  );
  const { unseen, seen: leakage } = withoutSeen(heldOut, records);
  if (unseen.length === 0) {
    throw usageError('The models were trained on every held-out note: evaluate on another corpus.');
  }
  const { backend } = await devicesOf(spec, context);
  const { rows, verdict, maskedTokens } = await evaluationProtocols[protocol]({
    candidates,
    mapping: corpus.mapping,
    train,
    heldOut: unseen,
    shots: ['all'],
    seeds: [seed],
    backend,
    classification: null,
    ...{ threads, signal, pauseGate, onProgress, note },
  });
  return {
    kind: 'evaluate',
    documents: unseen.length,
    maskedTokens,
    results: rows.map(({ model, shots, seed: drawn, figures }) => ({
      model,
      protocol,
      ...(shots === null ? {} : { shots }),
      ...(drawn === seed ? {} : { seed: drawn }),
      ...figures,
    })),
    verdict: [...verdict, ...seenSentences(leakage, 'held-out notes', modelName)],
    leakage,
  };
}

/** Where the protocols train, and where they embed; those that do neither there are not asked for it. */
async function devicesOf(
  { protocol, also, device = automatic.name }: EvaluateJob,
  { cacheFolder, threads, onProgress, signal, note }: JobContext,
): Promise<{ readonly backend: Backend; readonly device: EmbeddingDevice }> {
  const uses = [protocol, ...(also === undefined ? [] : [also])].flatMap(
    (name) => protocolEntries[name].computes,
  );
  for (const use of uses) checkDevice(use, device);
  const options = { cacheFolder, threads, onProgress, signal };
  const training = uses.includes('train') ? await chooseTrainingDevice(device, options) : null;
  if (training !== null && training.device !== 'cpu' && training.reason !== null) {
    note(training.reason);
  }
  return {
    backend: trainingBackend(training?.device ?? automatic.name),
    device: uses.includes('embed') ? await chooseDevice(device, options) : 'cpu',
  };
}

function refuseMissingFields(corpus: Corpus, { label, needs }: ProtocolEntry): void {
  const missing = needs.find((role) => corpus.mapping[role] === null);
  if (missing === undefined) return;
  throw usageError(
    `${label} needs a field of the notes for this: ${fieldRoles[missing].help}. Name it with --${missing}-field, or when you add the corpus.`,
  );
}

function candidateOf(folder: string, { needsMlmHead }: ProtocolEntry): Candidate {
  return {
    folder,
    name: modelName(folder),
    async load() {
      const model = await readModel(folder, { needsMlmHead });
      return { ...model, tokenizer: await readTokenizer(folder, model.config) };
    },
  };
}
