/** Command-line options: table, parsing, and a one-sentence message for each mistake. */
import { parseArgs } from 'node:util';

import { usageError } from '../core/base/errors.js';

export interface OptionDefinition {
  /** `list`: a text that may be given several times. */
  readonly type: 'flag' | 'text' | 'list' | 'number';
  /** Placeholder for the option's value in the help. */
  readonly placeholder?: string;
  readonly short?: string;
  readonly required?: true;
  /** Allowed values. */
  readonly choices?: readonly string[];
  /** A sentence for each choice, for the help. */
  readonly sentences?: Readonly<Record<string, string>>;
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, OptionDefinition>>;

type ValueOf<Definition extends OptionDefinition> = Definition extends { type: 'flag' }
  ? boolean
  : Definition extends { type: 'number' }
    ? Required<Definition, number>
    : Definition extends { type: 'list' }
      ? readonly string[]
      : Definition extends { choices: readonly (infer Choice)[] }
        ? Required<Definition, Choice>
        : Required<Definition, string>;
type Required<Definition, Value> = Definition extends { required: true } ? Value : Value | null;

export type ParsedOptions<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

type OptionValue = boolean | number | string | readonly string[] | null;

export interface ParsedCall {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly positionals: readonly string[];
  readonly help: boolean;
}

export interface PositionalCount {
  readonly positionals: number;
  readonly optionalPositionals?: number;
}

export function parseCall(
  command: string,
  table: OptionTable,
  { positionals: most, optionalPositionals: optional = 0 }: PositionalCount,
  args: readonly string[],
): ParsedCall {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: parserOptions(table),
  });
  const options: Record<string, OptionValue> = {};
  const lists = new Map<string, string[]>();
  for (const [name, { type }] of Object.entries(table)) {
    const list: string[] = [];
    if (type === 'list') lists.set(name, list);
    options[name] = type === 'flag' ? false : type === 'list' ? list : null;
  }
  const positionals: string[] = [];
  let help = false;
  const seeHelp = `see "notespace ${command} --help"`;
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help') {
      help = true;
      continue;
    }
    const definition = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (definition === undefined) {
      throw usageError(`${command} has no option ${token.rawName}: ${seeHelp}.`);
    }
    const { rawName, inlineValue = false } = token;
    const value = valueOf(definition, rawName, token.value, inlineValue);
    const list = lists.get(token.name);
    if (list === undefined) options[token.name] = value;
    else list.push(String(value));
  }
  if (help) return { options, positionals, help };
  for (const [name, definition] of Object.entries(table)) {
    if (definition.required === true && options[name] === null) {
      throw usageError(`${command} needs --${name}: ${seeHelp}.`);
    }
  }
  if (positionals.length > most) {
    const surplus = positionals[most] ?? '';
    throw usageError(`${command} does not know what to do with "${surplus}": ${seeHelp}.`);
  }
  if (positionals.length < most - optional) {
    throw usageError(`${command} needs one thing more to work on: ${seeHelp}.`);
  }
  return { options, positionals, help };
}

function valueOf(
  definition: OptionDefinition,
  rawName: string,
  value: string | undefined,
  inline: boolean,
): boolean | number | string {
  if (definition.type === 'flag') {
    if (inline) throw usageError(`${rawName} takes no value.`);
    return true;
  }
  if (value === undefined || value === '' || (!inline && value.startsWith('--'))) {
    throw usageError(`${rawName} needs a value${placeholder(definition)}.`);
  }
  if (definition.choices !== undefined && !definition.choices.includes(value)) {
    throw usageError(`${rawName} is one of ${definition.choices.join(', ')}, not "${value}".`);
  }
  if (definition.type === 'text' || definition.type === 'list') return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw usageError(`${rawName} needs a whole number, not "${value}".`);
  }
  return number;
}

function placeholder(definition: OptionDefinition): string {
  return definition.placeholder === undefined ? '' : ` (${definition.placeholder})`;
}

function parserOptions(
  table: OptionTable,
): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { type, short }] of Object.entries(table)) {
    const parserType = type === 'flag' ? 'boolean' : 'string';
    options[name] = short === undefined ? { type: parserType } : { type: parserType, short };
  }
  return options;
}

/** The options as lines of help text. */
export function describeOptions(table: OptionTable): string {
  const rows = Object.entries(table).flatMap(([name, definition]) => {
    const { short, type, placeholder: shown = 'VALUE', choices, sentences, help } = definition;
    const before = short === undefined ? '' : `-${short}, `;
    const value = type === 'flag' ? '' : ` ${shown}`;
    const listed =
      choices === undefined || sentences !== undefined ? '' : ` (${choices.join(', ')})`;
    const row = [`${before}--${name}${value}`, `${help}${listed}`] as const;
    return [row, ...Object.entries(sentences ?? {}).map(choiceRow)];
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function choiceRow([choice, sentence]: readonly [string, string]): readonly [string, string] {
  return [`  ${choice}`, sentence];
}
