/** Compiles the WebAssembly kernels if `buildKernels.mjs` exists. */
import { existsSync } from 'node:fs';

const script = new URL('./buildKernels.mjs', import.meta.url);

export async function buildKernels() {
  if (!existsSync(script)) return;
  const module = await import(script.href);
  await module.buildKernels();
}
