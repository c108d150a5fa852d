/** Settings shared by all esbuild bundles of this project. */
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The package does not list this stand-alone file in its "exports". */
export const alias = {
  'embedding-atlas/umap': fileURLToPath(
    new URL('../node_modules/embedding-atlas/dist/umap.js', import.meta.url),
  ),
};

/** Packages with native binaries, loaded from node_modules next to the bundle. */
export const external = ['onnxruntime-node', '@lancedb/lancedb-*'];

/** CommonJS packages in an ES module bundle load Node's built-in modules with require(). */
export const requireBanner =
  "import { createRequire as __createRequire } from 'node:module';" +
  'const require = __createRequire(import.meta.url);';
