/** Looks up a parameter in a checkpoint. */
import type { EncoderConfig } from '../encoder/config.js';
import { wordTable } from '../encoder/declarations.js';
import { familyOf } from '../encoder/familyOf.js';
import type { ParameterSpec } from '../encoder/parameters.js';

/**
 * The stored entry of a parameter, by any of its spellings; `undefined` if there is none. Of two
 * tied tensors a checkpoint may keep either: the output matrix stands for missing word embeddings.
 */
export function findStored<T>(
  config: EncoderConfig,
  stored: ReadonlyMap<string, T>,
  parameter: string,
): T | undefined {
  const family = familyOf(config);
  const name = family.spellings(parameter).find((spelling) => stored.has(spelling));
  if (name !== undefined) return stored.get(name);
  return parameter === wordTable(config).name ? stored.get(family.outputMatrix) : undefined;
}

/** Whether the complete masked-language-model head is stored. */
export function hasWholeHead(
  config: EncoderConfig,
  stored: ReadonlyMap<string, unknown>,
  specs: readonly ParameterSpec[],
): boolean {
  return specs.every(
    ({ part, name, mayBeAbsent = false }) =>
      part === 'encoder' || mayBeAbsent || findStored(config, stored, name) !== undefined,
  );
}
