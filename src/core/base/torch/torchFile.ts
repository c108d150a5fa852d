/**
 * Weights as `torch.save` writes them (`pytorch_model.bin`), read without Python: a zip file with a
 * pickle and a file for each storage, or before torch 1.6 five pickles with the storages after
 * them. Nothing in a pickle is ever executed, see `unpickle`.
 */
import { readBytes, withFile } from '../byteSource.js';
import type { ByteSource } from '../byteSource.js';
import { failure } from '../errors.js';
import type { UserError } from '../errors.js';
import { refusePointer } from '../lfsPointer.js';
import { elementCount } from '../storedTensor.js';
import type { StoredTensor } from '../storedTensor.js';
import { readLegacy } from './legacyFile.js';
import type { TorchTensor } from './pickleValues.js';
import { stridedParts } from './strided.js';
import type { TorchContent } from './torchContent.js';
import { readZip } from './zipFile.js';

/** Opens the file while `use` reads those tensors that it wants. */
export async function withTorchFile<T>(
  path: string,
  use: (tensors: ReadonlyMap<string, StoredTensor>) => Promise<T>,
): Promise<T> {
  return withFile(path, 'The weight file', async (source) => {
    await refusePointer(path, source);
    return use(await openTorchFile(source, path));
  });
}

/** The tensors of a file by name; `path` stands for it in messages. */
export async function openTorchFile(
  source: ByteSource,
  path: string,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const broken = (what: string): UserError =>
    failure(`The weight file ${path} is broken (${what}): copy or download it again.`);
  const start = await readBytes(source, 0, Math.min(source.size, 4));
  const isZip = start.toString('latin1') === 'PK\x03\x04';
  if (!isZip && start[0] !== 0x80) throw broken('it is no file of torch.save');
  const { tensors, locate } = await (isZip ? readZip : readLegacy)(source, path, broken);
  return new Map(
    [...tensors].map(([name, tensor]) => [name, stored(source, tensor, locate, broken)]),
  );
}

function stored(
  source: ByteSource,
  tensor: TorchTensor,
  locate: TorchContent['locate'],
  broken: (what: string) => UserError,
): StoredTensor {
  const { storage, offset, shape, strides } = tensor;
  return {
    dtype: storage.dtype,
    shape,
    place: [storage.key, storage.dtype, storage.start + offset, shape, strides].join(':'),
    async *parts() {
      // A stride of 0 repeats values without end.
      if (elementCount(shape) > storage.count) throw broken('a tensor is larger than its storage');
      yield* stridedParts(source, tensor, await locate(storage));
    },
  };
}
