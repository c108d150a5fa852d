/** Evaluates models on the same held-out notes, excluding any that one of them was trained on. */
import { dirname } from 'node:path';
import { trainingBackend } from '../../core/backend/registry.js';
import { usageError } from '../../core/base/errors.js';
import type { Corpus } from '../../core/corpus/corpus.js';
import type { Document } from '../../core/corpus/document.js';
import { splitDocuments } from '../../core/corpus/split.js';
import type { Candidate } from '../../core/evaluate/protocol.js';
import { evaluationProtocols } from '../../core/evaluate/registry.js';
import { seenSentences, withoutSeen } from '../../core/evaluate/samples/seenDocuments.js';
import { readModel } from '../../core/model/readModel.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import { trainingDefaults } from '../../core/train/config.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { ProtocolEntry } from '../../protocol/catalogue/protocols.js';
import type { EvaluateJob, EvaluateResult } from '../../protocol/run.js';
import { bundledModel } from '../bundledFolder.js';
import { installedModel, modelName } from '../bundledModel.js';
import { readJob } from '../runFolder.js';
import { classify } from './classify.js';
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
  const { classification } = spec;
  if (entry.target === null) return compare(spec, candidates, corpus, documents, context);
  if (classification === undefined) {
    throw usageError(`${entry.label} predicts a field of the notes: name it with --target.`);
  }
  const found = await classify(
    {
      job: { ...spec, classification },
      ...{ corpus, documents, candidates },
      baseOf: await basesOf(models),
      backend: trainingBackend('auto'),
    },
    context,
  );
  if (context.runFolder !== null) {
    await writeEvaluationReport(context.runFolder, spec, found, context.now());
  }
  return classificationResult(spec, found);
}

/** A protocol without a target. */
async function compare(
  { protocol, seed }: EvaluateJob,
  candidates: readonly Candidate[],
  corpus: Corpus,
  documents: readonly Document[],
  { signal, threads, pauseGate, onProgress, note }: JobContext,
): Promise<EvaluateResult> {
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
  const { rows, verdict, maskedTokens } = await evaluationProtocols[protocol]({
    candidates,
    mapping: corpus.mapping,
    train,
    heldOut: unseen,
    shots: ['all'],
    seeds: [seed],
    backend: trainingBackend('auto'),
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

/** By model: the one that it was trained from, if that is evaluated too; otherwise the first model. */
async function basesOf(models: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const [first = ''] = models;
  const bases = new Map<string, string | null>();
  for (const model of models) {
    const job = await readJob(dirname(model)).catch(() => null);
    const base = job?.kind === 'pretrain' ? await installedModel(job.base, bundledModel) : null;
    const evaluated = base !== null && models.includes(base) ? base : first;
    bases.set(model, evaluated === model ? null : evaluated);
  }
  return bases;
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
