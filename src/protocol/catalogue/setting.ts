/**
 * A setting of a training configuration, as data. The rules that check it, the JSON Schema that completes
 * it in an editor and the words of an error are all made from this.
 */
export type Setting = (NumberSetting | CountSetting | FlagSetting | ChoiceSetting) & {
  readonly description: string;
  /** It may be null, and is at first. */
  readonly orNull?: true;
  /** What a configuration that the user is to edit starts with, where that is not `initial`. */
  readonly proposed?: string | number | boolean;
  /** Read only where another setting has this value; without it always. */
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

/** The values that a table of settings describes. */
export type ValuesOf<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Of a union of tables the table that has every entry. */
export type Joined<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

export function holds(condition: Condition | undefined, values: object): boolean {
  if (condition === undefined) return true;
  return (values as Readonly<Record<string, unknown>>)[condition.setting] === condition.is;
}
