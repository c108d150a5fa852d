/** Evaluates models on the same held-out notes, excluding any that one of them was trained on. */
import { trainingBackend } from '../../core/backend/registry.js';
import { usageError } from '../../core/base/errors.js';
import type { Corpus } from '../../core/corpus/corpus.js';
import type { Document } from '../../core/corpus/document.js';
import { splitDocuments } from '../../core/corpus/split.js';
import type { Candidate } from '../../core/evaluate/protocol.js';
import { evaluationProtocols } from '../../core/evaluate/registry.js';
import { readModel } from '../../core/model/readModel.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { overlap } from '../../core/model/trainingHashes.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import { trainingDefaults } from '../../core/train/config.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { ProtocolEntry } from '../../protocol/catalogue/protocols.js';
import type { EvaluateJob, EvaluateResult } from '../../protocol/run.js';
import { modelName } from '../bundledModel.js';
import type { JobContext } from './context.js';
import { loadDocuments } from './documents.js';

type Leakage = NonNullable<EvaluateResult['leakage']>[number];

export async function runEvaluateJob(
  spec: EvaluateJob,
  context: JobContext,
): Promise<EvaluateResult> {
  const { signal, threads, pauseGate, onProgress, note } = context;
  const { seed, protocol } = spec;
  const entry = protocolEntries[protocol];
  // Naming a model twice adds nothing.
  const models = [...new Set(spec.models)];
  if (models.length === 0) throw usageError('Name at least one model to evaluate.');
  const { corpus, documents } = await loadDocuments(spec.corpus, context);
  refuseMissingFields(corpus, entry);
  const { train, heldOut } = splitDocuments(documents, {
    seed,
    fractions: { heldOut: trainingDefaults.heldOutFraction },
  });
  if (heldOut.length === 0) {
    throw usageError(
      'No notes can be held out, since there are too few or all belong together: add notes of other patients.',
    );
  }
  const { unseen, leakage } = await withoutOverlap(heldOut, models);
  if (unseen.length === 0) {
    throw usageError('The models were trained on every held-out note: evaluate on another corpus.');
  }
  const { rows, verdict, maskedTokens } = await evaluationProtocols[protocol]({
    candidates: models.map((folder) => candidateOf(folder, entry)),
    mapping: corpus.mapping,
    train,
    heldOut: unseen,
    shots: ['all'],
    seeds: [seed],
    backend: trainingBackend('auto'),
    threads,
    signal,
    pauseGate,
    onProgress,
    note,
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
    verdict: [...verdict, ...leakageSentences(leakage)],
    leakage,
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

/** Held-out notes that no model was trained on; all models are measured on the same ones. */
async function withoutOverlap(
  documents: readonly Document[],
  models: readonly string[],
): Promise<{ unseen: Document[]; leakage: Leakage[] }> {
  const texts = documents.map(({ text }) => text);
  const seen = new Set<number>();
  const leakage: Leakage[] = [];
  for (const folder of models) {
    const { trainingHashes } = await readTrainingRecord(folder);
    const known = trainingHashes === null ? null : overlap(trainingHashes, texts);
    known?.forEach((index) => seen.add(index));
    leakage.push({ model: folder, documents: known?.length ?? null });
  }
  return { unseen: documents.filter((_, index) => !seen.has(index)), leakage };
}

function leakageSentences(leakage: readonly Leakage[]): string[] {
  const known = leakage.filter(({ documents }) => (documents ?? 0) > 0);
  const unknown = leakage.filter(({ documents }) => documents === null);
  return [
    ...known.map(
      ({ model, documents }) =>
        `${modelName(model)} was trained on ${documents ?? 0} of the held-out notes: they were left out for every model.`,
    ),
    ...unknown.map(
      ({ model }) =>
        `${modelName(model)} does not say what it was trained on: it may have seen these notes.`,
    ),
  ];
}
