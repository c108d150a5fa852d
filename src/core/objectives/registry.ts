import { mlm } from './mlm.js';
import type { CreateObjective, ObjectiveName } from './objective.js';

/** Every objective, by the name that users give. */
export const objectives: Readonly<Partial<Record<ObjectiveName, CreateObjective>>> = { mlm };
