/** Held-out masked-token loss of several models on the same notes, none of which they were trained on. */
import { trainingBackend } from '../../core/backend/registry.js';
import { failure, throwIfAborted, usageError } from '../../core/base/errors.js';
import type { Document } from '../../core/corpus/document.js';
import { splitDocuments } from '../../core/corpus/split.js';
import { evaluateMaskedLm } from '../../core/evaluate/maskedLm.js';
import { readModel } from '../../core/model/readModel.js';
import { readTokenizer } from '../../core/model/readTokenizer.js';
import { overlap } from '../../core/model/trainingHashes.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import { trainingDefaults } from '../../core/train/config.js';
import type { EvaluateJob, EvaluateResult } from '../../protocol/run.js';
import { modelName } from '../bundledModel.js';
import type { JobContext } from './context.js';
import { loadDocuments } from './documents.js';

type Row = EvaluateResult['results'][number];
type Leakage = NonNullable<EvaluateResult['leakage']>[number];

export async function runEvaluateJob(
  spec: EvaluateJob,
  context: JobContext,
): Promise<EvaluateResult> {
  const { signal, threads } = context;
  const { seed } = spec;
  // A model says nothing about itself.
  const models = [...new Set(spec.models)];
  if (models.length === 0) throw usageError('Name at least one model to evaluate.');
  const { documents } = await loadDocuments(spec.corpus, context);
  const { heldOut } = splitDocuments(documents, {
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
  const results: Row[] = [];
  const tokenizers = new Set<string>();
  let maskedTokens = 0;
  for (const folder of models) {
    throwIfAborted(signal);
    await context.pauseGate();
    const model = await readModel(folder, { needsMlmHead: true });
    const tokenizer = await readTokenizer(folder, model.config);
    tokenizers.add(JSON.stringify(tokenizer.files.tokenizerJson));
    const score = await evaluateMaskedLm({
      backend: trainingBackend('auto'),
      config: model.config,
      parameters: model.parameters,
      tokenizer,
      documents: unseen,
      seed,
      threads,
      signal,
      onProgress: (progress) =>
        context.onProgress({ phase: `Evaluating ${modelName(folder)}`, ...progress }),
    });
    ({ maskedTokens } = score);
    const { loss, perplexity, accuracy } = score;
    if (!Number.isFinite(perplexity)) {
      throw failure(
        `The loss of the model ${folder} is no usable number: its weights are damaged, so choose another model.`,
      );
    }
    results.push({ model: folder, protocol: 'mlm', loss, perplexity, accuracy });
  }
  return {
    kind: 'evaluate',
    documents: unseen.length,
    maskedTokens,
    results,
    verdict: verdictOf(results, leakage, tokenizers.size > 1),
    leakage,
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

function verdictOf(
  results: readonly Row[],
  leakage: readonly Leakage[],
  tokenizersDiffer: boolean,
): string[] {
  const verdict: string[] = [];
  const [first] = results;
  for (const row of results.slice(1)) {
    if (first === undefined || tokenizersDiffer) break;
    const change = ((first.perplexity - row.perplexity) / first.perplexity) * 100;
    const direction = change >= 0 ? 'lower' : 'higher';
    verdict.push(
      `${modelName(row.model)} has a held-out perplexity of ${row.perplexity.toPrecision(3)}, ${Math.abs(change).toFixed(1)} % ${direction} than ${modelName(first.model)} (${first.perplexity.toPrecision(3)}).`,
    );
  }
  if (tokenizersDiffer) {
    verdict.push('The models have different tokenizers: their losses cannot be compared.');
  }
  const excluded = leakage.filter(({ documents }) => (documents ?? 0) > 0);
  for (const { model, documents } of excluded) {
    verdict.push(
      `${modelName(model)} was trained on ${documents ?? 0} of the held-out notes: they were left out for every model.`,
    );
  }
  for (const { model } of leakage.filter(({ documents }) => documents === null)) {
    verdict.push(
      `${modelName(model)} does not say what it was trained on: it may have seen these notes.`,
    );
  }
  return verdict;
}
