import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFolderBeside,
  replaceFolder,
  writeFileAtomic,
  writeFileAtomicWith,
} from '../../../src/core/base/files.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('replaces content and leaves nothing beside it', async () => {
    const path = join(folder, 'a.txt');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('keeps the old content when writing fails half-way', async () => {
    const path = join(folder, 'a.txt');
    await writeFileAtomic(path, 'old');
    const failing = writeFileAtomicWith(path, async (file) => {
      await file.writeFile('half');
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('stands writers of the same name at the same time', async () => {
    const path = join(folder, 'a.txt');
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => writeFileAtomic(path, String(i).repeat(1000))),
    );
    expect(await readFile(path, 'utf8')).toMatch(/^(\d+?)\1*$/);
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('passes over what a killed writer left', async () => {
    const path = join(folder, 'a.txt');
    for (let i = 0; i < 200; i++) {
      await writeFile(join(folder, `.a.txt.${process.pid}-${i}.tmp`), 'left');
    }
    await writeFileAtomic(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
  });
});

describe('replaceFolder', () => {
  it('takes the place of a filled folder, or of none', async () => {
    const target = join(folder, 'model');
    for (const content of ['first', 'second']) {
      const fresh = await createFolderBeside(target);
      await writeFile(join(fresh, content), content);
      await replaceFolder(fresh, target);
      expect(await readdir(target)).toEqual([content]);
      expect(await readdir(folder)).toEqual(['model']);
    }
  });

  it('leaves the old folder as it was when the new one cannot come', async () => {
    const target = join(folder, 'model');
    await mkdir(target);
    await writeFile(join(target, 'old'), 'old');
    await expect(replaceFolder(join(folder, 'none'), target)).rejects.toThrow(/ENOENT/);
    expect(await readdir(target)).toEqual(['old']);
    expect(await readdir(folder)).toEqual(['model']);
  });
});
