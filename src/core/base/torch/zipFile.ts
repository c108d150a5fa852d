/** The format of `torch.save` since torch 1.6: a zip file. */
import { readBytes } from '../byteSource.js';
import type { ByteSource } from '../byteSource.js';
import type { UserError } from '../errors.js';
import { itemBytes } from '../storedTensor.js';
import { dataPosition, readZipDirectory } from '../zipDirectory.js';
import type { ZipEntry } from '../zipDirectory.js';
import { stateDictLanguage, tensorsOf } from './stateDict.js';
import { longestPickle } from './torchContent.js';
import type { TorchContent } from './torchContent.js';
import { unpickle } from './unpickle.js';

export async function readZip(
  source: ByteSource,
  path: string,
  broken: (what: string) => UserError,
): Promise<TorchContent> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of await readZipDirectory(source, broken)) {
    if (entries.has(entry.name)) throw broken('two of its entries have one name');
    if (entry.method !== 0 || entry.isEncrypted || entry.packed !== entry.bytes) {
      throw broken('an entry is compressed, which torch never does');
    }
    entries.set(entry.name, entry);
  }
  // Everything is in one folder, called "archive" or as the file was when it was written.
  const pickle = [...entries.keys()].find((name) => /^[^/]*\/data\.pkl$/.test(name));
  const entry = pickle === undefined ? undefined : entries.get(pickle);
  if (pickle === undefined || entry === undefined) throw broken('it holds no data.pkl');
  if (entry.bytes > longestPickle) throw broken('its pickle is longer than any weights need');
  const folder = pickle.slice(0, -'data.pkl'.length);
  await checkByteOrder(source, entries.get(`${folder}byteorder`), broken);
  const bytes = await readBytes(source, await dataPosition(source, entry, broken), entry.bytes);
  const { value } = unpickle(bytes, 0, stateDictLanguage(path, broken));
  return {
    tensors: tensorsOf(value, broken),
    async locate({ key, dtype, start, count }) {
      const data = entries.get(`${folder}data/${key}`);
      if (data === undefined) throw broken('it lacks the data of a tensor');
      if ((start + count) * itemBytes[dtype]! > data.bytes) {
        throw broken('the data of a tensor is too short');
      }
      return dataPosition(source, data, broken);
    },
  };
}

async function checkByteOrder(
  source: ByteSource,
  entry: ZipEntry | undefined,
  broken: (what: string) => UserError,
): Promise<void> {
  if (entry === undefined) return;
  const length = Math.min(entry.bytes, 16);
  const order = await readBytes(source, await dataPosition(source, entry, broken), length);
  if (order.toString('latin1') !== 'little') throw broken('its numbers are big endian');
}
