import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  corporaFileName,
  corpusName,
  readCorporaFile,
  writeCorporaFile,
} from '../../src/extension/corpora/corporaFile.js';
import type { CorporaFile } from '../../src/extension/corpora/corporaFile.js';
import { claimHome, homeChoice, isWritable, locateHome } from '../../src/extension/corpora/home.js';

const file: CorporaFile = {
  format: 1,
  active: 'ward',
  corpora: [
    { name: 'ward', source: 'notes', mapping: { category: 'team', label: null }, model: 'bundled' },
  ],
};

let workspace: string;
let storage: string;

beforeEach(async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'notespace-home-')));
  await chmod(root, 0o755); // another user has to get through in one of the tests
  workspace = join(root, 'workspace');
  storage = join(root, 'storage');
  await mkdir(workspace);
  await mkdir(storage, { mode: 0o777 });
  await chmod(storage, 0o777);
});

afterEach(async () => {
  await chmod(workspace, 0o755);
  await rm(join(workspace, '..'), { recursive: true, force: true });
});

describe('the home of a workspace folder', () => {
  it('is .notespace in it, private and kept out of version control', async () => {
    const choice = homeChoice(workspace, '', storage);
    const { home, fellBack } = await claimHome(choice);
    expect({ home, fellBack }).toEqual({ home: join(workspace, '.notespace'), fellBack: false });
    expect(await readFile(join(home, '.gitignore'), 'utf8')).toBe('*\n');
    if (process.platform !== 'win32') expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it('is where the setting says', () => {
    const absolute = homeChoice(workspace, join(storage, 'big-disk'), storage).preferred;
    expect(absolute.startsWith(join(storage, 'big-disk'))).toBe(true);
    expect(absolute).not.toBe(homeChoice(storage, join(storage, 'big-disk'), storage).preferred);
    expect(homeChoice(workspace, 'private/ns', storage).preferred).toBe(
      join(workspace, 'private', 'ns'),
    );
  });

  it('is made by nobody who only looks', async () => {
    const choice = homeChoice(workspace, '', storage);
    expect(await locateHome(choice)).toBe(choice.preferred);
    await expect(stat(choice.preferred)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is the fallback when the workspace cannot be written, and is found there again', async () => {
    const choice = homeChoice(workspace, '', storage);
    await asOrdinaryUser(async () => {
      const { home, fellBack } = await claimHome(choice);
      expect({ home, fellBack }).toEqual({ home: choice.fallback, fellBack: true });
      await writeCorporaFile(home, file);
      expect(await locateHome(choice)).toBe(choice.fallback);
    });
  });

  it('is the fallback when it is somebody else’s, private to them', async () => {
    const choice = homeChoice(workspace, '', storage);
    const { home } = await claimHome(choice);
    await writeCorporaFile(home, file);
    if (process.geteuid?.() !== 0) await chmod(home, 0);
    await asOrdinaryUser(async () => {
      expect(await locateHome(choice)).toBe(choice.fallback);
      expect((await readCorporaFile(choice.fallback)).corpora).toEqual([]);
      expect(await claimHome(choice)).toEqual({ home: choice.fallback, fellBack: true });
    });
    await chmod(home, 0o700);
  });

  it('is the fallback when only the list in a folder for all is private', async () => {
    const choice = homeChoice(workspace, '', storage);
    const { home } = await claimHome(choice);
    await writeCorporaFile(home, file);
    await chmod(home, 0o777);
    await chmod(join(home, corporaFileName), process.geteuid?.() === 0 ? 0o600 : 0);
    await asOrdinaryUser(async () => {
      expect(await locateHome(choice)).toBe(choice.fallback);
      expect(await claimHome(choice)).toEqual({ home: choice.fallback, fellBack: true });
    });
  });

  it('is the fallback when permissions promise what writing does not keep', async () => {
    const choice = homeChoice(workspace, '', storage);
    const { home } = await claimHome(choice);
    await writeCorporaFile(home, file);
    await mkdir(join(home, `.probe-${process.pid}`)); // in the way of the write that asks
    expect(await locateHome(choice)).toBe(choice.preferred);
    expect(await claimHome(choice)).toEqual({ home: choice.fallback, fellBack: true });
    await writeCorporaFile(choice.fallback, file);
    expect(await locateHome(choice)).toBe(choice.fallback);
  });

  it('that can be read but not written is known for it', async () => {
    const choice = homeChoice(workspace, '', storage);
    const { home } = await claimHome(choice);
    await writeCorporaFile(home, file);
    expect(await isWritable(home)).toBe(true);
    await chmod(home, 0o555);
    await chmod(join(home, corporaFileName), 0o644);
    await asOrdinaryUser(async () => {
      expect((await readCorporaFile(home)).corpora).toHaveLength(1);
      expect(await isWritable(home)).toBe(false);
    });
    await chmod(home, 0o700);
  });

  it('is the fallback when a file is in the way', async () => {
    await writeFile(join(workspace, '.notespace'), '');
    const choice = homeChoice(workspace, '', storage);
    expect(await claimHome(choice)).toEqual({ home: choice.fallback, fellBack: true });
    await writeCorporaFile(choice.fallback, file);
    expect(await locateHome(choice)).toBe(choice.fallback);
  });
});

describe('corpora.json', () => {
  it('reads back what was written', async () => {
    await writeCorporaFile(storage, file);
    expect(await readCorporaFile(storage)).toEqual(file);
  });

  it('is empty where there is none', async () => {
    expect((await readCorporaFile(join(storage, 'nowhere'))).corpora).toEqual([]);
  });

  it.each(['{', '[]', '{"format":2,"active":null,"corpora":[]}', '{"format":1,"corpora":[{}]}'])(
    'is refused in one sentence when it is broken: %s',
    async (text) => {
      await writeFile(join(storage, corporaFileName), text);
      await expect(readCorporaFile(storage)).rejects.toThrow(/is not a list of corpora: repair it/);
    },
  );
});

describe('Names in corpora.json', () => {
  const named = (...names: string[]): CorporaFile => ({
    ...file,
    corpora: names.map((name) => ({ name, source: 'notes', mapping: {}, model: 'bundled' })),
  });

  it.each([
    ['../../research'],
    ['..'],
    ['.git'],
    ['a/b'],
    ['a\\b'],
    [''],
    ['C:'],
    ['con'],
    ['a\n'],
  ])('lead to no folder but their own: %j', async (name) => {
    await writeCorporaFile(storage, named(name));
    await expect(readCorporaFile(storage)).rejects.toThrow(
      /gives two corpora the same name, or uses/,
    );
  });

  it('are not alike, on no system', async () => {
    await writeCorporaFile(storage, named('ward', 'Ward'));
    await expect(readCorporaFile(storage)).rejects.toThrow(/give each a plain name of its own/);
  });

  it('are all those that Notespace gives', async () => {
    const wanted = [
      'Ward: 3/4?',
      'con',
      '...',
      'Überweisungen',
      `${'a'.repeat(59)} b`,
      '病歴 2.csv',
    ];
    const names: string[] = [];
    for (const name of [...wanted, ...wanted]) names.push(corpusName(name, names));
    await writeCorporaFile(storage, named(...names));
    expect((await readCorporaFile(storage)).corpora.map(({ name }) => name)).toEqual(names);
  });

  it('stay together when two windows write at once', async () => {
    await Promise.all([
      writeCorporaFile(storage, file),
      writeCorporaFile(storage, named('clinic')),
    ]);
    expect((await readCorporaFile(storage)).corpora).toHaveLength(1);
    expect((await readdir(storage)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('corpusName', () => {
  it('is fit for a folder everywhere', () => {
    expect(corpusName('incidents.jsonl.gz', [])).toBe('incidents');
    expect(corpusName('Ward: 3/4?', [])).toBe('Ward- 3-4');
    expect(corpusName('con', [])).toBe('corpus-con');
    expect(corpusName('...', [])).toBe('corpus');
    expect(corpusName('Überweisungen', [])).toBe('Überweisungen');
  });

  it('takes no name twice, whatever the case', () => {
    expect(corpusName('ward', ['Ward', 'ward-2'])).toBe('ward-3');
  });
});

/** Nothing is read-only for root: there the test turns into somebody else for a moment. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  await chmod(workspace, 0o555);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
