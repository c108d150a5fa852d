/**
 * `npm run notices`: writes THIRD_PARTY_NOTICES from the packages that are shipped, inside the bundles or
 * next to them in the .vsix, and from the bundled model.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { root } from './bundling.mjs';

const beside = ['onnxruntime-common', 'onnxruntime-node', '@lancedb/lancedb-linux-x64-gnu'];

/** Copyright holders of packages without a licence text. */
const holders = {
  'embedding-atlas': 'Apple Inc.',
  'gearhash-jit': 'the authors of gearhash-jit',
  'onnxruntime-common': 'Microsoft Corporation',
  'onnxruntime-node': 'Microsoft Corporation',
  saxes: 'Louis-Dominique Dubeau, Isaac Z. Schlueter and contributors',
};

const isc =
  'Permission to use, copy, modify, and/or distribute this software for any\n' +
  'purpose with or without fee is hereby granted, provided that the above\n' +
  'copyright notice and this permission notice appear in all copies.\n\n' +
  'THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH\n' +
  'REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND\n' +
  'FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,\n' +
  'INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS\n' +
  'OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER\n' +
  'TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF\n' +
  'THIS SOFTWARE.';

const remarks = {
  '@vscode/codicons':
    'The icon font "codicon" of Microsoft Corporation is used unchanged, under CC-BY-4.0\n' +
    '(https://creativecommons.org/licenses/by/4.0/).',
  '@lancedb/lancedb-linux-x64-gnu':
    'Licence texts of the Rust crates inside this binary lie beside it, in\n' +
    'node_modules/@lancedb/lancedb/RUST_THIRD_PARTY_LICENSES.html.',
};

export async function notices() {
  const folders = bundled(await build());
  for (const name of beside) folders.set(join(root, 'node_modules', name), name);
  const packages = [...folders]
    .sort(([a, name], [b, other]) => (name === other ? (a < b ? -1 : 1) : name < other ? -1 : 1))
    .map(([folder, name]) => section(name, folder));
  const sections = [...packages, model()];
  return (
    'Notespace contains the following works of others, each under its own licence.\n' +
    `${sections.join('\n')}`
  );
}

/** Names by folder: a package may lie within another, in a version of its own. */
function bundled(metafiles) {
  const folders = new Map();
  for (const path of metafiles.flatMap((metafile) => Object.keys(metafile.inputs))) {
    const match = /(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
    if (match !== null) folders.set(join(root, match[1]), match[2]);
  }
  return folders;
}

function model() {
  const folder = 'models/notespace-minilm';
  return titled('sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)', [
    `A language model, changed by further training and shipped in ${folder}: its README.md says how.`,
    '',
    readFileSync(join(root, folder, 'LICENSE'), 'utf8').trimEnd(),
  ]);
}

function section(name, folder) {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[sc]e|notice|copyrightnotice)/i.test(file))
    .filter((file) => /(\.txt|\.md|^[^.]+)$/i.test(file) && file !== 'license_header.txt')
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length === 0) texts.push(standardText(name, about.license));
  const title = `${name} ${about.version} (${about.license})`;
  const remark = remarks[name] === undefined ? [] : [remarks[name]];
  return titled(title, [...remark, '', texts.join('\n\n')]);
}

function titled(title, lines) {
  return ['', '='.repeat(100), title, '='.repeat(100), ...lines, ''].join('\n');
}

function standardText(name, license) {
  const ours = readFileSync(join(root, 'LICENSE'), 'utf8');
  if (license === 'MIT' && holders[name] !== undefined) {
    return ours.replace(/Copyright .*/, `Copyright (c) ${holders[name]}`).trim();
  }
  if (license === 'ISC' && holders[name] !== undefined) {
    return `Copyright (c) ${holders[name]}\n\n${isc}`;
  }
  const apache = join(root, 'node_modules', 'apache-arrow', 'LICENSE.txt');
  if (license === 'Apache-2.0' && existsSync(apache)) {
    return 'Licensed under the Apache License, Version 2.0; its text stands under apache-arrow.';
  }
  throw new Error(`${name} carries no licence text; say in scripts/notices.mjs what to print.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'THIRD_PARTY_NOTICES'), await notices());
}
