import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { panels } from '../../scripts/build.mjs';
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
  /^extension\/node_modules\/onnxruntime-node\/bin\/napi-v6\/linux\/x64\//,
  /^extension\/node_modules\/@lancedb\/lancedb-linux-x64-gnu\//,
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
  'extension/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node',
  'extension/node_modules/@lancedb/lancedb-linux-x64-gnu/lancedb.linux-x64-gnu.node',
];

let archive: Buffer;
let names: string[];

beforeAll(async () => {
  archive = readFileSync(await testVsix());
  names = entryNames(archive);
});

describe('The package for linux-x64', () => {
  it('holds nothing but what it needs', () => {
    expect(names.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it('holds what it needs', () => {
    expect(needed.filter((name) => !names.includes(name))).toEqual([]);
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
