/** Indexing: corpus -> passages -> vectors -> store. Resumable: keeps what is already embedded. */
import { plural } from '../../core/base/wording.js';
import { openCorpus } from '../../core/corpus/openCorpus.js';
import { createEmbedder } from '../../core/embed/embedder.js';
import { withKnownPassages } from '../../core/embed/knownPassages.js';
import { openPassageFiles } from '../../core/embed/passageFiles.js';
import { indexCorpus } from '../../core/index/indexCorpus.js';
import { rebuildReason } from '../../core/index/rebuildReason.js';
import { readModelConfig } from '../../core/model/readModelConfig.js';
import { readSentenceEmbedding } from '../../core/model/sentenceTransformers.js';
import { casedVocabularyRemark } from '../../core/tokens/casedVocabulary.js';
import type { IndexJob, IndexResult } from '../../protocol/indexing.js';
import { chooseDevice, vectorStoreWorks } from '../devices.js';
import type { JobContext } from './context.js';
import { noteProblems } from './documents.js';
import { vectorsFolder } from './evaluationVectors.js';

export async function runIndexJob(spec: IndexJob, context: JobContext): Promise<IndexResult> {
  const { signal, threads, cacheFolder, now, onProgress } = context;
  const begun = now();
  const corpus = await openCorpus(spec.corpus, signal, context.place);
  const probing = { cacheFolder, threads, onProgress, signal };
  const device = await chooseDevice(spec.device, probing);
  const flat = !(await vectorStoreWorks(probing));
  if (flat) context.note('LanceDB does not run on this machine: search is exact, and slower.');
  const { model: modelFolder, prompts } = spec;
  const embedder = await createEmbedder({ modelFolder, cacheFolder, device, threads, prompts });
  // Those of evaluations, read and not added to: the index keeps its own.
  const known =
    context.runFolder === null
      ? null
      : openPassageFiles(vectorsFolder(context.runFolder), embedder.modelHash, embedder.dimension);
  const sparing =
    known === null
      ? embedder
      : withKnownPassages(embedder, [{ find: (hashes) => known.find(hashes) }]);
  try {
    const remarks = [
      await rebuildReason(spec.store, embedder),
      await similarityRemark(modelFolder),
      casedVocabularyRemark(embedder.tokenizer),
    ];
    for (const remark of remarks) if (remark !== null) context.note(remark);
    const { withoutVector, ...result } = await indexCorpus({
      corpus,
      embedder: {
        ...embedder,
        embedPassages: async (texts, options) => {
          await context.pauseGate();
          return sparing.embedPassages(texts, options);
        },
      },
      storeFolder: spec.store,
      ...(spec.beside === undefined ? {} : { besideFolder: spec.beside }),
      signal,
      onProgress,
      flat,
      now,
    });
    noteProblems(corpus, context);
    if (withoutVector > 0) context.note(withoutVectorText(withoutVector));
    return { kind: 'index', ...result, seconds: (now() - begun) / 1000 };
  } finally {
    await known?.close();
    await embedder.release();
  }
}

async function similarityRemark(modelFolder: string): Promise<string | null> {
  const { config } = await readModelConfig(modelFolder);
  const { similarity } = await readSentenceEmbedding(modelFolder, config);
  return similarity === 'cosine'
    ? null
    : `The model was made to compare vectors by ${similarity}: Notespace compares them by cosine, which may suit it less.`;
}

function withoutVectorText(notes: number): string {
  return `${plural(notes, 'note holds', 'notes hold')} no character that the model can read, and so cannot be compared with others.`;
}
