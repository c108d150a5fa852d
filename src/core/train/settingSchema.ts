/** The permitted values of a setting: a check, its JSON Schema, and words for error messages. */
import * as z from 'zod/mini';
import type { Setting } from '../../protocol/catalogue/setting.js';

export interface SettingRule {
  readonly schema: z.ZodMiniType;
  /** Completes "must be …". */
  readonly wanted: string;
}

export function ruleOf(setting: Setting): SettingRule {
  const { schema, wanted } = plainRule(setting);
  return setting.orNull === true ? orNull({ schema, wanted }) : { schema, wanted };
}

export function orNull({ schema, wanted }: SettingRule): SettingRule {
  return { schema: z.nullable(schema), wanted: `${wanted}, or null` };
}

function plainRule(setting: Setting): SettingRule {
  switch (setting.kind) {
    case 'number': {
      const { from, to } = setting;
      return {
        schema: z.number().check(z.gte(from), z.lte(to)),
        wanted: `a number between ${from} and ${to}`,
      };
    }
    case 'count': {
      const { from } = setting;
      return {
        schema: z.int().check(z.gte(from)),
        wanted: `a whole number of at least ${from}`,
      };
    }
    case 'flag':
      return { schema: z.boolean(), wanted: 'true or false' };
    case 'choice':
      return { schema: z.enum([...setting.choices]), wanted: listed(setting.choices, 'or') };
  }
}

/** A non-empty list of distinct `choices`. */
export function someOf(choices: readonly string[]): SettingRule {
  const isOnce = (values: readonly string[]): boolean => new Set(values).size === values.length;
  return {
    schema: z.array(z.enum([...choices])).check(z.minLength(1), z.refine(isOnce)),
    wanted: `a list of some of ${listed(choices, 'and')}`,
  };
}

/** An object whose omitted fields take their values from `defaults`. */
export function objectOf<T extends object>(
  defaults: T,
  rules: { readonly [K in keyof T]: SettingRule },
): SettingRule {
  const entries = Object.entries<SettingRule>(rules);
  const parts = entries.map(([name, { wanted }]) => `"${name}" (${wanted})`);
  return {
    schema: z.strictObject(
      Object.fromEntries(
        entries.map(([name, { schema }]) => [
          name,
          z._default(schema, defaults[name as keyof T] as never),
        ]),
      ),
    ),
    wanted: `an object with ${parts.join(', ')}`,
  };
}

/** An object with any of `keys`, whose values follow one rule. */
export function mapOf(keys: readonly string[], rule: SettingRule): SettingRule {
  return {
    schema: z.strictObject(Object.fromEntries(keys.map((key) => [key, z.optional(rule.schema)]))),
    wanted: `an object with some of ${listed(keys, 'and')}, each ${rule.wanted}`,
  };
}

function listed(choices: readonly string[], word: string): string {
  const quoted = choices.map((choice) => `"${choice}"`);
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1) ?? ''}`;
}
