import type { EncoderConfig } from './config.js';
import { families } from './families.js';
import type { EncoderFamily } from './family.js';

export function familyOf({ modelType }: Pick<EncoderConfig, 'modelType'>): EncoderFamily {
  return families[modelType];
}
