import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Hidden by the package's "exports"; see tsconfig.json and scripts/build.mjs. */
const alias = { 'embedding-atlas/umap': here('./node_modules/embedding-atlas/dist/umap.js') };

/** No package: the editor itself gives it to extensions. */
const editor = { vscode: here('./test/host/fakeVscode.ts') };

function project(name: string, include: string[], options: object = {}): object {
  return {
    resolve: { alias: { ...alias, ...editor } },
    test: { name, include, environment: 'node', pool: 'forks', testTimeout: 60_000, ...options },
  };
}

export default defineConfig({
  test: {
    // Numerical tests use two threads themselves, and so do the machines that run them.
    maxWorkers: 2,
    projects: [
      project(
        'unit',
        [
          'test/core/**/!(*.python).test.ts',
          'test/contracts/**/*.test.ts',
          'test/catalogue/**/*.test.ts',
          'test/extension-unit/**/*.test.ts',
          'test/*.test.ts',
        ],
        { globalSetup: [here('./test/host/setup/kernels.ts')] },
      ),
      // What we write, read by Python; run by `npm test -- python` where NOTESPACE_PYTHON names one.
      project('python', ['test/**/*.python.test.ts'], {
        globalSetup: [here('./test/host/setup/kernels.ts')],
      }),
      project('engine', ['test/engine/**/*.test.ts', 'test/cli/**/*.test.ts'], {
        globalSetup: [here('./test/host/setup/build.ts')],
        testTimeout: 180_000,
        hookTimeout: 180_000,
        fileParallelism: false,
      }),
      project('package', ['test/package/**/*.test.ts'], {
        testTimeout: 300_000,
        // Each builds anew.
        fileParallelism: false,
      }),
      project('workbench', ['test/webview/workbench*.test.ts'], {
        globalSetup: [here('./test/host/setup/build.ts')],
        testTimeout: 300_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
      project('webview', ['test/webview/!(workbench*).test.ts'], {
        globalSetup: [here('./test/host/setup/build.ts')],
        testTimeout: 180_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
