import type { Random } from '../../src/core/base/random.js';
import type { Condition, VitalsProfile } from './conditions/condition.js';
import type { Person } from './people.js';
import type { Context } from './prose.js';

export type NoteKind = 'ED assessment' | 'progress' | 'nursing' | 'radiology' | 'discharge summary';

/** Everything about one admission that its notes must agree on. */
export interface Admission {
  readonly person: Person;
  readonly words: Context;
  readonly condition: Condition;
  readonly profile: VitalsProfile;
  readonly triage: number;
  readonly history: readonly string[];
  readonly drugs: readonly string[];
  readonly complaint: string;
  readonly allergies: string;
  readonly stay: number;
  /** Text from templates that fits the patient and, mostly, was not said in an earlier note. */
  readonly say: (templates: readonly string[], count: number, random: Random) => string[];
}
