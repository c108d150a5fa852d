import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { panels } from '../../scripts/build.mjs';
import { packageExtension, platforms } from '../../scripts/package.mjs';
import { testVsix } from '../host/vsix.mjs';

/** Where each part of the package may lie; anything else in it is a mistake. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt|THIRD_PARTY_NOTICES)$/,
  /^extension\/dist\/[\w-]+\.(cjs|mjs)$/,
  /^extension\/dist\/training\.schema\.json$/,
  /^extension\/dist\/webview\/(chunk-)?\w+\.(js|css|ttf)$/,
  /^extension\/media\/(walkthrough\/)?[\w-]+\.(png|svg|md)$/,
  /^extension\/models\/notespace-minilm\//,
  /^extension\/samples\/(hospital-notes\/|[\w-]+\.(csv|jsonl)$|README\.md$)/,
  /^extension\/node_modules\/onnxruntime-(node|common)\/(package\.json|dist\/.*)$/,
  /^extension\/node_modules\/@lancedb\/lancedb\/RUST_THIRD_PARTY_LICENSES\.html$/,
];

const needed = [
  'extension/dist/extension.cjs',
  'extension/dist/job.mjs',
  'extension/dist/lookup.mjs',
  'extension/dist/probe.mjs',
  'extension/dist/cli.mjs',
  'extension/dist/training.schema.json',
  ...panels.flatMap((panel) =>
    ['js', 'css'].map((end) => `extension/dist/webview/${panel}.${end}`),
  ),
  'extension/LICENSE.txt',
  'extension/THIRD_PARTY_NOTICES',
  'extension/media/icon.png',
  'extension/models/notespace-minilm/model.safetensors',
  'extension/models/notespace-minilm/tokenizer.json',
  'extension/samples/hospital-notes/metadata.csv',
];

/** All of them take minutes and downloads: `npm test -- platforms`. */
const packaged =
  process.env['NOTESPACE_TARGETS'] === 'all' ? Object.keys(platforms) : ['linux-x64'];

describe.each(packaged)('The package for %s', (target) => {
  const [runtime = '', store = ''] = platforms[target] ?? [];
  const native = [
    `extension/node_modules/onnxruntime-node/bin/napi-v6/${runtime}/`,
    `extension/node_modules/${store}/`,
  ];
  let archive: Buffer;
  let names: string[];

  beforeAll(async () => {
    const isTested = target === 'linux-x64';
    archive = readFileSync(
      await (isTested ? testVsix() : packageExtension({ target, quiet: true })),
    );
    names = entryNames(archive);
  }, 600_000);

  it('holds nothing but what it needs', () => {
    const isAllowed = (name: string) =>
      allowed.some((pattern) => pattern.test(name)) || native.some((at) => name.startsWith(at));
    expect(names.filter((name) => !isAllowed(name))).toEqual([]);
  });

  it('holds what it needs, and the binaries of its platform', () => {
    expect(needed.filter((name) => !names.includes(name))).toEqual([]);
    for (const folder of native) {
      const addons = names.filter((name) => name.startsWith(folder) && name.endsWith('.node'));
      expect(addons, folder).toHaveLength(1);
    }
  });

  it('holds no source maps and no index of notes', () => {
    expect(names.filter((name) => name.endsWith('.map') || name.includes('.notespace/'))).toEqual(
      [],
    );
  });

  it('is under 130 MB', () => {
    expect(archive.length).toBeLessThan(130e6);
  });
});

it.each(Object.entries(platforms))('has all that is native for %s', (target, [runtime, store]) => {
  const [os, cpu] = target.split('-');
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const { packages } = JSON.parse(read('../../package-lock.json')) as {
    packages: Record<string, { os?: string[]; cpu?: string[] }>;
  };
  expect(packages[`node_modules/${store}`]).toMatchObject({ os: [os], cpu: [cpu] });
  const folder = `../../node_modules/onnxruntime-node/bin/napi-v6/${runtime}`;
  expect(readdirSync(new URL(folder, import.meta.url))).toContain('onnxruntime_binding.node');
});

/** Names in a ZIP archive's central directory. */
function entryNames(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  const found: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry++) {
    const nameLength = zip.readUInt16LE(at + 28);
    found.push(zip.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return found.filter((name) => !name.endsWith('/'));
}
