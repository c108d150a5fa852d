/** Evaluates models on the same held-out notes, excluding any that one of them was trained on. */
import { trainingBackend } from '../../core/backend/registry.js';
import { usageError } from '../../core/base/errors.js';
import type { Corpus } from '../../core/corpus/corpus.js';
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
import { modelName } from '../bundledModel.js';
import type { JobContext } from './context.js';
import { loadDocuments } from './documents.js';

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
  const trained = await Promise.all(
    models.map(async (model) => ({
      model,
      trainingHashes: (await readTrainingRecord(model)).trainingHashes,
    })),
  );
  const { unseen, seen } = withoutSeen(heldOut, trained);
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
    verdict: [...verdict, ...seenSentences(seen, 'held-out notes', modelName)],
    leakage: seen,
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
