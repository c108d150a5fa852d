/** Looks up a parameter in a checkpoint. */
import type { EncoderConfig } from '../encoder/config.js';
import { familyOf } from '../encoder/familyOf.js';
import type { ParameterSpec } from '../encoder/parameters.js';

/** The stored entry of a parameter, by any of its spellings; `undefined` if there is none. */
export function findStored<T>(
  config: EncoderConfig,
  stored: ReadonlyMap<string, T>,
  parameter: string,
): T | undefined {
  const name = familyOf(config)
    .spellings(parameter)
    .find((spelling) => stored.has(spelling));
  return name === undefined ? undefined : stored.get(name);
}

/** Whether the complete masked-language-model head is stored. */
export function hasWholeHead(
  config: EncoderConfig,
  stored: ReadonlyMap<string, unknown>,
  specs: readonly ParameterSpec[],
): boolean {
  return specs.every(
    ({ part, name }) => part === 'encoder' || findStored(config, stored, name) !== undefined,
  );
}
