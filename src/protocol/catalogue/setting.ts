/**
 * A setting of a training configuration, as data: the source of its validation rule, its JSON
 * Schema (for completion in an editor) and its error messages.
 */
export type Setting = (NumberSetting | CountSetting | FlagSetting | ChoiceSetting) & {
  readonly description: string;
  /** It may be null, which is the default. */
  readonly orNull?: true;
  /** Value in a new configuration for the user to edit, if not `initial`. */
  readonly proposed?: string | number | boolean;
  /** Read only if another setting has this value; if absent, always read. */
  readonly when?: Condition;
};

interface NumberSetting {
  readonly kind: 'number';
  readonly initial: number | null;
  readonly from: number;
  readonly to: number;
}

/** A whole number. */
interface CountSetting {
  readonly kind: 'count';
  readonly initial: number | null;
  readonly from: number;
}

interface FlagSetting {
  readonly kind: 'flag';
  readonly initial: boolean;
}

interface ChoiceSetting {
  readonly kind: 'choice';
  readonly initial: string;
  readonly choices: readonly string[];
}

export interface Condition {
  readonly setting: string;
  readonly is: string | number | boolean;
}

export type Settings = Readonly<Record<string, Setting>>;

type ValueOf<S> = PlainValueOf<S> | (S extends { readonly orNull: true } ? null : never);

type PlainValueOf<S> = S extends {
  readonly kind: 'choice';
  readonly choices: readonly (infer Choice)[];
}
  ? Choice
  : S extends { readonly kind: 'flag' }
    ? boolean
    : number;

/** The values described by a table of settings. */
export type ValuesOf<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Merges a union of tables into one with all their entries. */
export type Joined<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

export function holds(condition: Condition | undefined, values: object): boolean {
  if (condition === undefined) return true;
  return (values as Readonly<Record<string, unknown>>)[condition.setting] === condition.is;
}
