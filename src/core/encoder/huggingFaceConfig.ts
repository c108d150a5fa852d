/** Reads and writes Hugging Face's `config.json`. */
import { families as entries, familyNames } from '../../protocol/catalogue/families.js';
import type { FamilyName } from '../../protocol/catalogue/families.js';
import { otherFamilies } from '../../protocol/catalogue/otherFamilies.js';
import { usageError } from '../base/errors.js';
import type { EncoderConfig } from './config.js';
import { choices, invalidConfig, quotedChoices } from './configFields.js';
import type { ConfigJson } from './configFields.js';
import { families } from './families.js';
import { familyOf } from './familyOf.js';
import { longestSequence } from './positions.js';

/** Reads `config.json`; fields with a Hugging Face default may be omitted. */
export function parseEncoderConfig(json: unknown): EncoderConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw usageError('config.json must hold a JSON object: choose a Hugging Face model folder.');
  }
  const fields = json as ConfigJson;
  const modelType = supportedType(fields['model_type']);
  const config = { modelType, ...families[modelType].readConfig(fields) };
  checkConsistency(config);
  return config;
}

/**
 * `config.json` for transformers, without `architectures` and `dtype`, which depend on what is
 * saved.
 */
export function toHuggingFaceConfig(config: EncoderConfig): Record<string, unknown> {
  return { model_type: config.modelType, ...familyOf(config).writeConfig(config) };
}

function supportedType(type: unknown): FamilyName {
  const known = familyNames.find((name) => name === type);
  if (known !== undefined) return known;
  if (typeof type === 'string' && Object.hasOwn(otherFamilies, type)) {
    const { label, instead } = otherFamilies[type]!;
    throw usageError(
      `The model type ${JSON.stringify(type)} (${label}) is not supported: choose a model of the family ${entries[instead].label} instead (model_type ${JSON.stringify(instead)}).`,
    );
  }
  const labels = choices(familyNames.map((name) => entries[name].label));
  throw usageError(
    `The model type ${JSON.stringify(type ?? null)} is not supported: choose a ${labels} model (model_type ${quotedChoices(familyNames)}).`,
  );
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
  // Room for two special tokens and one text token.
  if (longestSequence(config) < 3) {
    throw invalidConfig(`its ${config.maxPositionEmbeddings} positions leave none for text`);
  }
}
