import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import { declutr } from './declutr.js';
import { mlm } from './mlm.js';
import { mlmThenDeclutr } from './mlmThenDeclutr.js';
import { noteCategory } from './noteCategory.js';
import { tsdae } from './tsdae.js';
import type { CreateObjective } from './objective.js';

/** Every objective, by the name that users give. */
export const objectives: Readonly<Record<ObjectiveName, CreateObjective>> = {
  mlm,
  declutr,
  'mlm-then-declutr': mlmThenDeclutr,
  'note-category': noteCategory,
  tsdae,
};
