/** The family of a model whose config.json, as old ones do, does not name its `model_type`. */
import { UserError } from '../base/errors.js';
import { familyNames } from '../../protocol/catalogue/families.js';
import type { FamilyName } from '../../protocol/catalogue/families.js';
import { parameterSpecs } from '../encoder/declarations.js';
import { families } from '../encoder/families.js';
import { parseEncoderConfig } from '../encoder/huggingFaceConfig.js';
import type { ConfigJson } from '../encoder/configFields.js';
import type { Weights } from './weightFiles.js';

/** "BertForPreTraining" is of the family whose encoder is "BertModel"; `null` if none is. */
export function typeByArchitecture(fields: ConfigJson): FamilyName | null {
  const listed: unknown = fields['architectures'];
  const [first] = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  if (typeof first !== 'string') return null;
  const stem = first.replace(/(For[A-Z]\w*|LMHeadModel|Model)$/, '');
  return (
    familyNames.find(
      (name) => families[name].architectures.encoder.replace(/Model$/, '') === stem,
    ) ?? null
  );
}

/**
 * The only family whose every tensor is there, under its own name and in its shape; `null` if none
 * or several are. A bare encoder of BERT or RoBERTa has the same names, and is therefore not known.
 */
export function typeByWeights(fields: ConfigJson, weights: Weights): FamilyName | null {
  const fitting = familyNames.filter((name) => fits(name, fields, weights));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

function fits(name: FamilyName, fields: ConfigJson, weights: Weights): boolean {
  try {
    const config = parseEncoderConfig({ ...fields, model_type: name });
    return parameterSpecs(config, { mlmHead: false }).every((spec) => {
      const tensor = weights.get(spec.name) ?? weights.get(oldName(spec.name));
      return tensor?.shape.join() === spec.shape.join();
    });
  } catch (error) {
    // A configuration of another family.
    if (error instanceof UserError) return false;
    throw error;
  }
}

function oldName(name: string): string {
  return name
    .replace(/LayerNorm\.weight$/, 'LayerNorm.gamma')
    .replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
}
