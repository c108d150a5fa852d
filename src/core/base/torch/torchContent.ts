import type { TorchStorage, TorchTensor } from './pickleValues.js';

/** What a file of `torch.save` holds, in either of its formats. */
export interface TorchContent {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** Where the bytes of a storage begin. Throws if they are not all there. */
  readonly locate: (storage: TorchStorage) => Promise<number>;
}

/** A state dict of thousands of tensors has one of a megabyte. */
export const longestPickle = 16 << 20;
