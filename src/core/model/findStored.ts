/** Where a checkpoint keeps a parameter. */
import type { EncoderConfig } from '../encoder/config.js';
import { familyOf } from '../encoder/familyOf.js';
import type { ParameterSpec } from '../encoder/parameters.js';

/** Among what is stored by name, the parameter's; `undefined` where there is none. */
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

/** Whether the whole head of masked language modelling is among what is stored. */
export function hasWholeHead(
  config: EncoderConfig,
  stored: ReadonlyMap<string, unknown>,
  specs: readonly ParameterSpec[],
): boolean {
  return specs.every(
    ({ part, name }) => part === 'encoder' || findStored(config, stored, name) !== undefined,
  );
}
