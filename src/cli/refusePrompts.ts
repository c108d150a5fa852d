import { refuseOtherPrompts } from '../core/model/prompts.js';
import type { GivenPrompts } from '../core/model/prompts.js';
import { readModelConfig } from '../core/model/readModelConfig.js';
import { readSentenceEmbedding } from '../core/model/sentenceTransformers.js';

/** Throws if a given prompt would not be used, because the model's folder has another one. */
export async function refusePrompts(modelFolder: string, given: GivenPrompts): Promise<void> {
  if (Object.keys(given).length === 0) return;
  const { config } = await readModelConfig(modelFolder);
  refuseOtherPrompts((await readSentenceEmbedding(modelFolder, config)).prompts, given);
}
