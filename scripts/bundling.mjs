/** What every esbuild bundle of this project agrees on. */
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The package hides this stand-alone file behind its "exports". */
export const alias = {
  'embedding-atlas/umap': fileURLToPath(
    new URL('../node_modules/embedding-atlas/dist/umap.js', import.meta.url),
  ),
};

/** Packages with native binaries; they are loaded from node_modules beside the bundle. */
export const external = ['onnxruntime-node', '@lancedb/lancedb-*'];

/** CommonJS packages inside an ES module bundle ask for Node's own modules with require(). */
export const requireBanner =
  "import { createRequire as __createRequire } from 'node:module';" +
  'const require = __createRequire(import.meta.url);';
