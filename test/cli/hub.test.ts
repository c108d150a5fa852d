/** Models of a hub on the command line: nothing is fetched before the user agrees, and once only. */
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeNotes,
  program,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from '../engine/fixtures.js';
import { startFakeHub } from '../host/fakeHub.js';
import type { FakeHub } from '../host/fakeHub.js';

let folder: string;
let corpus: string;
let hub: FakeHub;

beforeAll(async () => {
  folder = await temporaryFolder();
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(12));
  const model = await writeTinyModel(join(folder, 'model'));
  const entries = await readdir(model, { recursive: true, withFileTypes: true });
  const files = Object.fromEntries(
    await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          return [relative(model, path).split(sep).join('/'), await readFile(path)] as const;
        }),
    ),
  );
  hub = await startFakeHub({ 'clinic/tiny': files }, { 'clinic/tiny': { v1: { files } } });
});
afterAll(async () => {
  await hub.close();
  await removeFolder(folder);
});

function index(store: string, ...args: string[]): Promise<{ code: number | null; stderr: string }> {
  return indexWith('hub:clinic/tiny', store, ...args);
}

function indexWith(
  model: string,
  store: string,
  ...args: string[]
): Promise<{ code: number | null; stderr: string }> {
  const call = ['index', '--corpus', corpus, '--model', model, '--store', store];
  const child = spawn(process.execPath, [program('cli'), ...call, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NOTESPACE_CACHE: join(folder, 'cache'),
      HF_ENDPOINT: hub.url,
      HF_HOME: join(folder, 'huggingface'),
    },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

describe('hub:owner/name', () => {
  it('is refused without consent, and nobody is asked for anything', async () => {
    const { code, stderr } = await index('first');
    expect(code).toBe(2);
    expect(stderr).toContain(`would be downloaded from ${hub.url}: add --yes to agree`);
    expect(hub.requests).toEqual([]);
  });

  it('is downloaded with --yes, and used again without any network', async () => {
    const agreed = await index('second', '--yes');
    expect(agreed.code, agreed.stderr).toBe(0);
    expect(agreed.stderr).toContain('Downloading clinic/tiny');
    const asked = hub.requests.length;
    expect(asked).toBeGreaterThan(0);
    const again = await index('third');
    expect(again.code, again.stderr).toBe(0);
    expect(hub.requests.length).toBe(asked);
  });

  it('at a revision is downloaded although another one is there', async () => {
    const asked = hub.requests.length;
    const refused = await indexWith('hub:clinic/tiny@v1', 'fourth');
    expect(refused.code).toBe(2);
    const agreed = await indexWith('hub:clinic/tiny@v1', 'fourth', '--yes');
    expect(agreed.code, agreed.stderr).toBe(0);
    expect(agreed.stderr).toContain('Its weights come as safetensors.');
    expect(hub.requests.slice(asked).some((request) => request.includes('revision/v1'))).toBe(true);
    const models = await readdir(join(folder, 'cache', 'models'));
    expect(models.sort()).toEqual(['clinic--tiny', 'clinic--tiny@v1']);
  });

  it("is read from Python's own cache without asking anybody", async () => {
    const cached = join(folder, 'huggingface', 'hub', 'models--clinic--cached');
    const commit = 'ab'.repeat(20);
    await cp(join(folder, 'model'), join(cached, 'snapshots', commit), { recursive: true });
    await mkdir(join(cached, 'refs'));
    await writeFile(join(cached, 'refs', 'main'), commit);
    const asked = hub.requests.length;
    const { code, stderr } = await indexWith('hub:clinic/cached', 'fifth');
    expect(code, stderr).toBe(0);
    expect(hub.requests.length).toBe(asked);
    const byPath = await indexWith(cached, 'sixth');
    expect(byPath.code, byPath.stderr).toBe(0);
  });
});
