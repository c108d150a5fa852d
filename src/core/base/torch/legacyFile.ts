/**
 * The format of `torch.save` before torch 1.6: a magic number, a version, the machine's sizes, the
 * state dict and the keys of its storages, each a pickle; then, in the order of those keys, each
 * storage's number of values (64 bits) and its bytes.
 */
import { readBytes } from '../byteSource.js';
import type { ByteSource } from '../byteSource.js';
import type { UserError } from '../errors.js';
import { itemBytes } from '../storedTensor.js';
import { isKind } from './pickleValues.js';
import type { PickleValue, TorchStorage } from './pickleValues.js';
import { stateDictLanguage, tensorsOf } from './stateDict.js';
import { longestPickle } from './torchContent.js';
import type { TorchContent } from './torchContent.js';
import { unpickle } from './unpickle.js';

const magic = 0x1950a86a20f9469cfc6cn;
const version = 1001;

export async function readLegacy(
  source: ByteSource,
  path: string,
  broken: (what: string) => UserError,
): Promise<TorchContent> {
  const bytes = await readBytes(source, 0, Math.min(source.size, longestPickle));
  const storages = new Map<string, TorchStorage>();
  const language = stateDictLanguage(path, broken, (storage) => {
    if (!storages.has(storage.key)) storages.set(storage.key, storage);
  });
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, at, language);
    at = end;
    return value;
  };
  if (next() !== magic || next() !== version) throw broken('it is no file of torch.save');
  if (entryOf(next(), 'little_endian') !== true) throw broken('its numbers are big endian');
  const tensors = tensorsOf(next(), broken);
  const keys = next();
  if (!isKind(keys, 'list')) throw broken('it does not say which storages it holds');
  const places = new Map<string, { readonly position: number; readonly count: number }>();
  for (const key of keys.items) {
    const isKey = typeof key === 'string' || typeof key === 'number';
    const storage = isKey ? storages.get(String(key)) : undefined;
    if (storage === undefined) throw broken('it holds a storage of no tensor');
    if (at + 8 > source.size) throw broken('it ends before the data of a tensor');
    const count = Number((await readBytes(source, at, 8)).readBigUInt64LE(0));
    const end = at + 8 + count * itemBytes[storage.dtype]!;
    if (end > source.size) throw broken('it ends before the data of a tensor');
    places.set(storage.key, { position: at + 8, count });
    at = end;
  }
  return {
    tensors,
    locate({ key, start, count }) {
      const place = places.get(key);
      if (place === undefined) throw broken('it lacks the data of a tensor');
      if (start + count > place.count) throw broken('the data of a tensor is too short');
      return Promise.resolve(place.position);
    },
  };
}

function entryOf(value: PickleValue, key: string): PickleValue | undefined {
  if (!isKind(value, 'dict')) return undefined;
  const { pairs } = value;
  const at = pairs.findIndex((item, i) => i % 2 === 0 && item === key);
  return at < 0 ? undefined : pairs[at + 1];
}
