import { abdomen } from './abdomen.js';
import { cardiac } from './cardiac.js';
import type { Condition } from './condition.js';
import { infection } from './infection.js';
import { metabolic } from './metabolic.js';
import { neurology } from './neurology.js';
import { other } from './other.js';
import { respiratory } from './respiratory.js';
import { trauma } from './trauma.js';

export const conditions: readonly Condition[] = [
  ...abdomen,
  ...cardiac,
  ...infection,
  ...metabolic,
  ...neurology,
  ...other,
  ...respiratory,
  ...trauma,
];
