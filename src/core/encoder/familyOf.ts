import type { EncoderConfig } from './config.js';
import { families } from './families.js';
import type { EncoderFamily } from './family.js';

export function familyOf({ modelType }: Pick<EncoderConfig, 'modelType'>): EncoderFamily {
  const family = families.find(({ id }) => id === modelType);
  if (family === undefined) throw new Error(`there is no encoder family "${modelType}"`);
  return family;
}
