/** The training configuration, with Hugging Face's names (in camelCase) and meanings. */
import * as z from 'zod/mini';
import { lossNames } from '../../protocol/catalogue/losses.js';
import type { Settings, ValuesOf } from '../../protocol/catalogue/setting.js';
import { objectiveSettings } from '../../protocol/catalogue/training.js';
import type { LossWeights, ObjectiveOptions } from '../../protocol/catalogue/training.js';
import { usageError } from '../base/errors.js';
import { loraModules } from '../encoder/lora.js';
import type { LoraSettings } from '../encoder/lora.js';
import { mapOf, objectOf, orNull, ruleOf, someOf } from './settingSchema.js';
import type { SettingRule } from './settingSchema.js';
import { trainingSettings } from './trainingSettings.js';

/** The run's own settings, those of objectives and losses, and two nested objects. */
export type TrainingConfig = ValuesOf<typeof trainingSettings> &
  ObjectiveOptions & {
    readonly lora: LoraSettings | null;
    readonly lossWeights: LossWeights | null;
    readonly mergeWithBase: MergeRatio | null;
  };

/** Share of the trained model in a merge with its base; `auto`: the best of a few, see `merge.ts`. */
export type MergeRatio = 'auto' | number;

interface Field extends SettingRule {
  readonly initial: unknown;
  readonly description: string;
}

const loraDefaults: LoraSettings = {
  rank: 8,
  alpha: 16,
  dropout: 0.05,
  modules: ['query', 'value'],
};

const loraRules = {
  rank: ruleOf({ kind: 'count', initial: 8, from: 1, description: '' }),
  alpha: ruleOf({ kind: 'number', initial: 16, from: 1e-3, to: 1e4, description: '' }),
  dropout: ruleOf({ kind: 'number', initial: 0.05, from: 0, to: 0.9, description: '' }),
  modules: someOf(loraModules),
};

const lossWeight = ruleOf({ kind: 'number', initial: 1, from: 0, to: 1000, description: '' });

const fields: Readonly<Record<string, Field>> = {
  ...fieldsOf(trainingSettings),
  lora: {
    ...orNull(objectOf(loraDefaults, loraRules)),
    initial: null,
    description:
      'Trains low-rank additions to these matrices and nothing else of the encoder; null: trains the matrices themselves.',
  },
  lossWeights: {
    ...orNull(mapOf(lossNames, lossWeight)),
    initial: null,
    description: "Weight of each loss in the sum; null: the objective's own.",
  },
  mergeWithBase: {
    ...orNull({
      schema: z.union([z.literal('auto'), z.number().check(z.gte(0.01), z.lte(1))]),
      wanted: '"auto", a number between 0.01 and 1',
    }),
    initial: null,
    description:
      'Merges the trained model with the one that it started from: the share of the trained one, or "auto" for the share with the best nearest neighbours; null: no merge.',
  },
  ...fieldsOf(objectiveSettings),
};

function fieldsOf(settings: Settings): Record<string, Field> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      const { initial, description } = setting;
      return [name, { ...ruleOf(setting), initial, description }];
    }),
  );
}

const names = Object.keys(fields);

export const trainingDefaults = Object.fromEntries(
  names.map((name) => [name, fields[name]!.initial]),
) as unknown as TrainingConfig;

/** Schema of the overrides; each may be omitted. */
const overrides = z.strictObject(
  Object.fromEntries(
    names.map((name) => {
      const { schema, initial, description } = fields[name]!;
      return [
        name,
        z.optional(z._default(schema, initial as never).check(z.describe(description))),
      ];
    }),
  ),
);

/** Fills in the defaults for the overrides in `value`. */
export function parseTrainingConfig(value: unknown): TrainingConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError('The training configuration must be a JSON object.');
  }
  const parsed = overrides.safeParse(value);
  if (!parsed.success) throw refusal(parsed.error.issues[0]);
  const config = { ...trainingDefaults, ...parsed.data } as TrainingConfig;
  if (config.earlyStoppingPatience !== null && config.evalSteps === null) {
    throw usageError(
      'In the training configuration "earlyStoppingPatience" needs "evalSteps" too.',
    );
  }
  return config;
}

function refusal(issue: z.core.$ZodIssue | undefined): Error {
  const name = String(issue?.path[0] ?? '');
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    return usageError(
      `The training configuration has no "${issue.keys[0] ?? ''}": use ${names.join(', ')}.`,
    );
  }
  return usageError(
    `In the training configuration "${name}" must be ${fields[name]?.wanted ?? 'another value'}.`,
  );
}

/** JSON Schema of the overrides, for completion in an editor. */
export function trainingConfigSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(overrides, {
    target: 'draft-7',
    io: 'input',
    override({ jsonSchema }) {
      // Omit the largest safe integer: it is not a meaningful limit.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { $schema, title: 'Notespace training configuration', ...schema };
}
