/**
 * `npm run package:cli`: the command line as an npm package, out/notespace-VERSION.tgz. It holds the built
 * programs and the bundled model; ONNX Runtime and the vector store of the platform come with
 * `npm install`.
 */
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { root } from './bundling.mjs';
import { npm } from './install.mjs';
import { platforms } from './package.mjs';

const staged = join(root, 'out', 'cli');

/** Returns the path of the package; the folder out/cli holds what is in it. */
export async function packageCli() {
  await build({ clean: true });
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(join(staged, 'dist'), { recursive: true });
  for (const name of readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.mjs'))) {
    cpSync(join(root, 'dist', name), join(staged, 'dist', name));
  }
  for (const name of ['LICENSE', 'THIRD_PARTY_NOTICES', 'CHANGELOG.md', 'models', 'docs']) {
    cpSync(join(root, name), join(staged, name), { recursive: true });
  }
  const readme = readFileSync(join(root, 'docs', 'command-line.md'), 'utf8');
  writeFileSync(join(staged, 'README.md'), readme.replaceAll('](guide/', '](docs/guide/'));
  const manifest = cliManifest(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const { name, version } = manifest;
  const result = npm(['pack', '--silent', '--pack-destination', join(root, 'out')], {
    cwd: staged,
    stdio: ['ignore', 'ignore', 2],
  });
  if (result.status !== 0) throw new Error('npm could not pack the command line.');
  return join(root, 'out', `${name}-${version}.tgz`);
}

function cliManifest({ name, version, description, license, engines, keywords, dependencies }) {
  const stores = Object.values(platforms).map(([, store]) => store);
  return {
    ...{ name, version, description, license, keywords },
    type: 'module',
    engines: { node: engines.node },
    bin: { notespace: 'dist/cli.mjs' },
    // All else is within the programs.
    dependencies: { 'onnxruntime-node': dependencies['onnxruntime-node'] },
    optionalDependencies: Object.fromEntries(
      stores.map((store) => [store, dependencies['@lancedb/lancedb']]),
    ),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = await packageCli();
  console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
}
