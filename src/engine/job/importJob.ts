/** Imports a model into the folder of models: a copy, or a download that the user has agreed to. */
import { dirname, join } from 'node:path';

import { UserError } from '../../core/base/errors.js';
import { hubCaches } from '../../core/model/hubCache.js';
import { importFolder, importHubModel } from '../../core/model/import.js';
import { modelFit } from '../../core/model/modelFit.js';
import { readModelConfig } from '../../core/model/readModelConfig.js';
import { casedVocabularyRemark } from '../../core/tokens/casedVocabulary.js';
import { loadTokenizer } from '../../core/tokens/loadTokenizer.js';
import type { ImportJob, ImportResult } from '../../protocol/modelImport.js';
import type { JobContext } from './context.js';

export async function runImportJob(spec: ImportJob, context: JobContext): Promise<ImportResult> {
  const { signal } = context;
  const { source, target } = spec;
  const phase = 'hubUrl' in source ? 'Downloading' : 'Copying';
  const places = {
    models: [dirname(target), join(context.cacheFolder, 'models')],
    hubCaches: hubCaches(process.env),
  };
  let shown = -1;
  const onProgress = (done: number, total: number): void => {
    const megabytes = Math.round(done / 1e6);
    if (megabytes === shown) return;
    shown = megabytes;
    context.onProgress({ phase, done: megabytes, total: Math.ceil(total / 1e6), unit: 'MB' });
  };
  const bytes =
    'hubUrl' in source
      ? await importHubModel(
          source.model,
          target,
          { url: source.hubUrl, fetch, signal },
          { onProgress, places },
        )
      : await importFolder(source.folder, target, { signal, onProgress, places });
  const { config } = await readModelConfig(target);
  context.note(`${await modelFit(target, config)}.`);
  const remark = await tokenizerRemark(target);
  if (remark !== null) context.note(remark);
  return { kind: 'import', model: target, bytes };
}

/** What to know of the model's tokenizer before it is used; `null` if nothing. */
async function tokenizerRemark(model: string): Promise<string | null> {
  try {
    return casedVocabularyRemark(await loadTokenizer(model));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
