/** Measures the embedding spaces of models on the same notes, and compares them. */
import { usageError } from '../../core/base/errors.js';
import type { Document } from '../../core/corpus/document.js';
import { withoutSeen } from '../../core/model/seenDocuments.js';
import type { SeenCount } from '../../core/model/seenDocuments.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import type { AnalyzeResult, AnalyzeJob } from '../../protocol/analysis.js';
import { writeMaps } from './analysisMaps.js';
import { writeAnalysisReport } from './analysisReport.js';
import { analysisResult } from './analysisResult.js';
import type { JobContext } from './context.js';
import { loadDocuments } from './documents.js';
import { measureSpaces } from './measureSpaces.js';

export async function runAnalyzeJob(spec: AnalyzeJob, context: JobContext): Promise<AnalyzeResult> {
  const models = [...new Set(spec.models)];
  if (models.length === 0) throw usageError('Name at least one model to analyse.');
  const loaded = await loadDocuments(spec.corpus, context);
  const { documents, seen } = await comparable(loaded.documents, models);
  const found = await measureSpaces(spec, models, documents, seen, context);
  if (context.runFolder !== null) {
    await writeAnalysisReport(context.runFolder, spec, found, context.now());
    if (spec.maps === true) await writeMaps(context.runFolder, spec, found, context);
  }
  return analysisResult(spec, found);
}

/** Of several models, the notes that none of them was trained on; of one, all, with a word about those. */
async function comparable(
  documents: readonly Document[],
  models: readonly string[],
): Promise<{ documents: readonly Document[]; seen: readonly SeenCount[] }> {
  const records = await Promise.all(
    models.map(async (model) => ({ model, ...(await readTrainingRecord(model)) })),
  );
  const { unseen, seen } = withoutSeen(documents, records);
  if (models.length === 1) return { documents, seen };
  if (unseen.length === 0) {
    throw usageError(
      'The models were trained on every note: compare them on another corpus, or analyse one alone.',
    );
  }
  return { documents: unseen, seen };
}
