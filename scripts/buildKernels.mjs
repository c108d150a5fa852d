/**
 * Compiles the WebAssembly kernels of src/core/backend/cpu/kernels from AssemblyScript into binary.js in
 * the same folder, unless that is newer than its sources.
 *
 *     node scripts/buildKernels.mjs
 */
import { readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../src/core/backend/cpu/kernels/', import.meta.url));
const target = `${folder}binary.js`;

export async function buildKernels() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.as.ts')).sort();
  const inputs = [...names.map((name) => folder + name), fileURLToPath(import.meta.url)];
  const changed = await Promise.all(inputs.map(async (path) => (await stat(path)).mtimeMs));
  const built = await stat(target).then(
    (found) => found.mtimeMs,
    () => 0,
  );
  if (built > Math.max(...changed)) return;
  const binary = await compile(names);
  const text = `export const kernelsBase64 =\n  '${Buffer.from(binary).toString('base64')}';\n`;
  // Two test runs may build at the same time: each writes its own file, and the last rename wins.
  const temporary = `${target}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, target);
}

async function compile(names) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary = null;
  const { error, stderr } = await asc.main(
    [
      ...names,
      ...['--outFile', 'kernels.wasm', '--runtime', 'stub', '--enable', 'simd'],
      ...['-O3', '--noAssert', '--importMemory', '--noExportMemory', '--use', 'abort='],
    ],
    {
      readFile: (name) => readFile(folder + name, 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`);
  return binary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
