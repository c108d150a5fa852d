/**
 * What the names in a state dict mean, for the few that it needs. Any other one ends the reading
 * before anything is made of it.
 */
import { failure } from '../errors.js';
import type { UserError } from '../errors.js';
import { elementCount } from '../storedTensor.js';
import { isKind } from './pickleValues.js';
import type {
  PickleDict,
  PickleTuple,
  PickleValue,
  TorchStorage,
  TorchTensor,
} from './pickleValues.js';
import type { PickleLanguage } from './unpickle.js';

/** Types of torch's storages, by their names in safetensors. */
const storageTypes: Readonly<Record<string, string>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

type Rebuild = (args: readonly PickleValue[], broken: Broken) => PickleValue;
type Broken = (what: string) => UserError;

const rebuilds: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor', tensor],
  ['torch._utils._rebuild_tensor_v2', tensor],
  ['torch._utils._rebuild_parameter', parameter],
  ['torch._utils._rebuild_parameter_with_state', parameter],
]);

/**
 * @param path of the file, for messages
 * @param onStorage hears of every storage that the pickle refers to
 */
export function stateDictLanguage(
  path: string,
  broken: Broken,
  onStorage: (storage: TorchStorage) => void = () => undefined,
): PickleLanguage {
  return {
    broken,
    refuse: (name) =>
      rebuilds.has(name) || storageType(name) !== undefined
        ? null
        : failure(
            `The weight file ${path} asks for ${printable(name)}, which no weights need and which could run code, so nothing of it was read: take the model from somewhere you trust, as model.safetensors if there is one.`,
          ),
    build(name, args) {
      const rebuild = rebuilds.get(name);
      if (rebuild === undefined) throw broken(`its pickle calls ${printable(name)}`);
      return rebuild(args, broken);
    },
    load(id) {
      const loaded = storage(id, broken);
      onStorage(loaded);
      return loaded;
    },
  };
}

/** The tensors by name; other entries, such as counters of steps, hold no weights. */
export function tensorsOf(value: PickleValue, broken: Broken): Map<string, TorchTensor> {
  if (!isKind(value, 'dict')) throw broken('it holds no dictionary of tensors');
  const tensors = new Map<string, TorchTensor>();
  for (let i = 0; i < value.pairs.length; i += 2) {
    const name = value.pairs[i];
    const entry = value.pairs[i + 1];
    if (typeof name === 'string' && isKind(entry, 'tensor')) tensors.set(name, entry);
  }
  if (tensors.size === 0) throw broken('it holds no tensors by name');
  return tensors;
}

function storageType(name: string): string | undefined {
  const [, type = ''] = /^torch\.(?:cuda\.)?([A-Za-z0-9]+)$/.exec(name) ?? [];
  return Object.hasOwn(storageTypes, type) ? storageTypes[type] : undefined;
}

/** ('storage', type, key, device, count), and in the older format a view: null or (key, start, count). */
function storage(id: PickleValue, broken: Broken): TorchStorage {
  const wrong = broken('its pickle refers to something other than a storage');
  if (!isKind(id, 'tuple')) throw wrong;
  const [kind, type, key, , count, view = null] = id.items;
  if (kind !== 'storage' || !isKind(type, 'name') || !isSize(count)) throw wrong;
  const dtype = storageType(type.name);
  if (dtype === undefined || (typeof key !== 'string' && typeof key !== 'number')) throw wrong;
  const whole: TorchStorage = { kind: 'storage', key: String(key), dtype, count, start: 0 };
  if (view === null) return whole;
  if (!isKind(view, 'tuple')) throw wrong;
  const [, start, length] = view.items;
  if (!isSize(start) || !isSize(length) || start + length > count) throw wrong;
  return { ...whole, start, count: length };
}

/** OrderedDict(), or with pairs as Python 2 wrote it. */
function orderedDict([given]: readonly PickleValue[], broken: Broken): PickleDict {
  const dict: PickleDict = { kind: 'dict', pairs: [] };
  if (given === undefined) return dict;
  if (!isKind(given, 'list')) throw broken('its pickle makes a dictionary of something else');
  for (const pair of given.items) {
    const items = isKind(pair, 'list') || isKind(pair, 'tuple') ? pair.items : [];
    const [key, value] = items;
    if (key === undefined || value === undefined || items.length !== 2) {
      throw broken('its pickle makes a dictionary of something else');
    }
    dict.pairs.push(key, value);
  }
  return dict;
}

/** (tensor, requires_grad, hooks) */
function parameter([data]: readonly PickleValue[], broken: Broken): TorchTensor {
  if (!isKind(data, 'tensor')) throw broken('its pickle makes a parameter of what is no tensor');
  return data;
}

const mostDimensions = 16;

/** (storage, offset, shape, strides, …) */
function tensor(
  [from, offset, shape, strides]: readonly PickleValue[],
  broken: Broken,
): TorchTensor {
  if (!isKind(from, 'storage') || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
    throw broken('its pickle describes no proper tensor');
  }
  const made: TorchTensor = {
    kind: 'tensor',
    storage: from,
    offset,
    shape: shape.items,
    strides: strides.items,
  };
  if (made.shape.length !== made.strides.length) throw broken('a tensor lacks a stride');
  const count = elementCount(made.shape);
  const last = made.shape.reduce((sum, size, i) => sum + (size - 1) * made.strides[i]!, offset);
  if (!isSize(count) || (count > 0 && !(last < from.count))) {
    throw broken('a tensor is larger than its storage');
  }
  return made;
}

function isSizes(
  value: PickleValue | undefined,
): value is PickleTuple & { readonly items: readonly number[] } {
  return (
    isKind(value, 'tuple') && value.items.length <= mostDimensions && value.items.every(isSize)
  );
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** For a message: a name comes out of a file that anybody may have written. */
function printable(name: string): string {
  const plain = name.replace(/[^\w.<>-]/g, '?');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
