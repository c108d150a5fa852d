/** What a setting may be: a check, words for an error, and JSON Schema for completion. */

export interface Rule {
  readonly accepts: (value: unknown) => boolean;
  /** Completes "must be …". */
  readonly wanted: string;
  readonly schema: object;
  /** Fills in what an accepted value leaves out. */
  readonly complete: (value: unknown) => unknown;
}

const asIs = (value: unknown): unknown => value;

export function number(from: number, to: number): Rule {
  return {
    accepts: (value) => typeof value === 'number' && value >= from && value <= to,
    wanted: `a number between ${from} and ${to}`,
    schema: { type: 'number', minimum: from, maximum: to },
    complete: asIs,
  };
}

export function count(from: number): Rule {
  return {
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= from,
    wanted: `a whole number of at least ${from}`,
    schema: { type: 'integer', minimum: from },
    complete: asIs,
  };
}

export const switchable: Rule = {
  accepts: (value) => typeof value === 'boolean',
  wanted: 'true or false',
  schema: { type: 'boolean' },
  complete: asIs,
};

export function oneOf(...choices: readonly string[]): Rule {
  return {
    accepts: (value) => choices.some((choice) => choice === value),
    wanted: listed(choices, 'or'),
    schema: { enum: choices },
    complete: asIs,
  };
}

/** A list of at least one of `choices`, each once. */
export function someOf(...choices: readonly string[]): Rule {
  const each = oneOf(...choices);
  return {
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every(each.accepts),
    wanted: `a list of some of ${listed(choices, 'and')}`,
    schema: { type: 'array', items: each.schema, minItems: 1, uniqueItems: true },
    complete: asIs,
  };
}

export function orNull(rule: Rule): Rule {
  return {
    accepts: (value) => value === null || rule.accepts(value),
    wanted: `${rule.wanted}, or null`,
    schema: { anyOf: [rule.schema, { type: 'null' }] },
    complete: (value) => (value === null ? null : rule.complete(value)),
  };
}

/** An object with some of the keys of `defaults`. */
export function record<T extends object>(
  defaults: T,
  rules: { readonly [K in keyof T]: Rule },
): Rule {
  const entries = Object.entries<Rule>(rules);
  const parts = entries.map(([name, { wanted }]) => `"${name}" (${wanted})`);
  return {
    accepts: (value) =>
      isObject(value) &&
      Object.entries(value).every(([name, part]) =>
        entries.some(([known, rule]) => known === name && rule.accepts(part)),
      ),
    wanted: `an object with ${parts.join(', ')}`,
    schema: {
      type: 'object',
      additionalProperties: false,
      default: defaults,
      properties: Object.fromEntries(
        entries.map(([name, { schema }]) => [
          name,
          { default: defaults[name as keyof T], ...schema },
        ]),
      ),
    },
    complete: (value) => ({ ...defaults, ...(value as object) }),
  };
}

/** An object with some of `keys`, all of one rule. */
export function mapOf(keys: readonly string[], rule: Rule): Rule {
  const rules = Object.fromEntries(keys.map((key) => [key, rule]));
  const { accepts, schema } = record<Record<string, unknown>>({}, rules);
  return {
    accepts,
    wanted: `an object with some of ${listed(keys, 'and')}, each ${rule.wanted}`,
    schema,
    complete: asIs,
  };
}

function listed(choices: readonly string[], word: string): string {
  const quoted = choices.map((choice) => `"${choice}"`);
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1) ?? ''}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
