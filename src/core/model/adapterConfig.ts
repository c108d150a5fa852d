/**
 * What an adapter_config.json of peft says. Only low-rank adapters are merged; whatever would make
 * the result another one than peft's is refused by name.
 */
import { failure } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import { adapterFileNames } from './fileNames.js';
import { readModelJson } from './readModelJson.js';

export interface AdapterConfig {
  /** A folder or `owner/name`; as the machine that trained it knew it. */
  readonly base: string;
  readonly revision: string | null;
  readonly alpha: number;
  /** Alphas of modules, by the end of their names. */
  readonly alphas: ReadonlyMap<string, number>;
  /** Rank-stabilised: alpha / sqrt(rank) instead of alpha / rank. */
  readonly isRankStabilised: boolean;
}

/** Settings of LoRA that change what is merged, and that are not computed. */
const unsupported: readonly string[] = [
  'use_dora',
  'use_qalora',
  'use_bdlora',
  'lora_bias',
  'alora_invocation_tokens',
  'layer_replication',
  'target_parameters',
  'trainable_token_indices',
  'arrow_config',
];

/** These leave the base as it is; others (pissa, olora, corda, loftq) change it at the start. */
const plainStarts: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  'gaussian',
  'eva',
  'orthogonal',
];

export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const fields = await readModelJson(folder, adapterFileNames.config);
  if (fields === null) throw failure(`The adapter ${folder} lost its ${adapterFileNames.config}.`);
  const refused = (what: string): UserError =>
    failure(
      `The adapter ${folder} uses ${what}, which is not supported: merge it in Python, by merge_and_unload() and save_pretrained(folder), and choose that folder.`,
    );
  if (fields['peft_type'] !== 'LORA') throw refused(`the method ${text(fields['peft_type'])}`);
  for (const name of unsupported) if (isSet(fields[name])) throw refused(name);
  const start = fields['init_lora_weights'];
  if (!plainStarts.includes(start)) throw refused(`init_lora_weights ${text(start)}`);
  const { base_model_name_or_path: base, lora_alpha: alpha, revision } = fields;
  if (typeof base !== 'string' || base === '' || typeof alpha !== 'number') {
    throw failure(
      `The file ${adapterFileNames.config} of ${folder} does not say its base model and lora_alpha: copy or download it again.`,
    );
  }
  return {
    base,
    revision: typeof revision === 'string' ? revision : null,
    alpha,
    alphas: readAlphas(fields['alpha_pattern'], refused),
    isRankStabilised: fields['use_rslora'] === true,
  };
}

function readAlphas(
  patterns: unknown,
  refused: (what: string) => UserError,
): ReadonlyMap<string, number> {
  const alphas = new Map<string, number>();
  if (typeof patterns !== 'object' || patterns === null) return alphas;
  for (const [pattern, alpha] of Object.entries(patterns)) {
    // peft takes regular expressions, which could be made to run for ever.
    if (!/^[\w.]+$/.test(pattern) || typeof alpha !== 'number') throw refused('this alpha_pattern');
    alphas.set(pattern, alpha);
  }
  return alphas;
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}
