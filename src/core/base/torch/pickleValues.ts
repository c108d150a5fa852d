/** What a pickle of weights may hold: data alone. */

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleName
  | TorchStorage
  | TorchTensor;

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

/** Keys and values in turn, as they were set: a later one replaces an earlier one. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly pairs: PickleValue[];
}

/** A name of something in Python: only a name, never the thing. */
export interface PickleName {
  readonly kind: 'name';
  readonly name: string;
}

export interface TorchStorage {
  readonly kind: 'storage';
  readonly key: string;
  /** Name in safetensors. */
  readonly dtype: string;
  /** Of values. */
  readonly count: number;
  /** First value of the stored bytes that this storage shows. */
  readonly start: number;
}

export interface TorchTensor {
  readonly kind: 'tensor';
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  /** In values. */
  readonly strides: readonly number[];
}

type Compound = Extract<PickleValue, { readonly kind: string }>;

export function isKind<K extends Compound['kind']>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<Compound, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}
