import { mlm } from './mlm.js';
import type { Objective } from './objective.js';

/** Every objective, by the name that users give. */
export const objectives: Readonly<Record<'mlm', Objective>> = { mlm };
