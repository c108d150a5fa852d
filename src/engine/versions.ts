/** Versions of this program and of what computes, from the package's own description. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';

const description = z.object({
  version: z.string(),
  dependencies: z.object({ 'onnxruntime-node': z.string() }),
});

export interface Versions {
  readonly notespace: string;
  readonly onnxruntime: string;
}

/** "unknown" where the programs lie without it. */
export async function versions(): Promise<Versions> {
  // Beside the folder of the bundles, in the extension as in the package of the command line.
  const file = new URL('../package.json', import.meta.url);
  const text = await readFile(file, 'utf8').catch(() => 'null');
  const { success, data } = description.safeParse(JSON.parse(text));
  return {
    notespace: success ? data.version : 'unknown',
    onnxruntime: success ? data.dependencies['onnxruntime-node'] : 'unknown',
  };
}
