/** Hugging Face's `config.json`, both ways. */
import { usageError } from '../base/errors.js';
import type { EncoderConfig } from './config.js';
import { invalidConfig } from './configFields.js';
import type { ConfigJson } from './configFields.js';
import { families } from './families.js';
import type { EncoderFamily } from './family.js';
import { familyOf } from './familyOf.js';
import { longestSequence } from './positions.js';

/** Reads `config.json`; a field that Hugging Face gives a default may be left out. */
export function parseEncoderConfig(json: unknown): EncoderConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw usageError('config.json must hold a JSON object: choose a Hugging Face model folder.');
  }
  const fields = json as ConfigJson;
  const family = supportedFamily(fields['model_type']);
  const config = { modelType: family.id, ...family.readConfig(fields) };
  checkConsistency(config);
  return config;
}

/** `config.json` as transformers reads it, without `architectures` and `dtype`: those say what was saved. */
export function toHuggingFaceConfig(config: EncoderConfig): Record<string, unknown> {
  return { model_type: config.modelType, ...familyOf(config).writeConfig(config) };
}

function supportedFamily(type: unknown): EncoderFamily {
  const family = families.find(({ id }) => id === type);
  if (family !== undefined) return family;
  const labels = inWords(families.map(({ label }) => label));
  const types = inWords(families.map(({ id }) => JSON.stringify(id)));
  throw usageError(
    `The model type ${JSON.stringify(type ?? null)} is not supported: choose a ${labels} model (model_type ${types}).`,
  );
}

/** "a, b or c" */
function inWords(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ');
}

function checkConsistency(config: EncoderConfig): void {
  const { hiddenSize, attentionHeads, padTokenId, vocabularySize } = config;
  if (hiddenSize % attentionHeads !== 0) {
    throw invalidConfig(
      `its hidden size ${hiddenSize} is not a multiple of its ${attentionHeads} attention heads`,
    );
  }
  if (padTokenId >= vocabularySize) {
    throw invalidConfig(`pad_token_id ${padTokenId} is outside the vocabulary`);
  }
  // Two special tokens and one of the text.
  if (longestSequence(config) < 3) {
    throw invalidConfig(`its ${config.maxPositionEmbeddings} positions leave none for text`);
  }
}
