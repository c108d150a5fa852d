/** Changes a copy of a model folder, for tests of what reading makes of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../../../src/core/base/safetensors.js';
import type { Tensor } from '../../../src/core/base/safetensors.js';

export async function changeTensorsOf(
  folder: string,
  change: (tensors: Map<string, Tensor>) => void,
): Promise<void> {
  const path = join(folder, 'model.safetensors');
  const { tensors } = await readSafetensors(path);
  change(tensors);
  await writeSafetensors(path, tensors, { dtype: 'F32' });
}

export async function changeConfigOf(folder: string, fields: object): Promise<void> {
  const path = join(folder, 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...config, ...fields }));
}
