import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { proposalsOf } from '../../src/extension/views/proposals.js';

async function folderWith(...files: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proposals-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const file of files) {
    const path = join(folder, file);
    await mkdir(join(path, '..'), { recursive: true });
    // What is in a file is not looked at.
    await writeFile(path, '\u0000');
  }
  return folder;
}

it('A folder of notes is proposed with how many there are', async () => {
  const folder = await folderWith('a/1.txt', 'a/2.txt', 'b/3.md', 'b/4.docx', '.git/5.txt');
  expect(await proposalsOf(folder)).toEqual([
    { source: folder, kind: 'folder', notes: 4, isMore: false },
  ]);
});

it('So are the tables in it, but no table about notes and no file of a project', async () => {
  const folder = await folderWith('notes.csv', 'older.jsonl.gz', 'metadata.csv', 'package.json');
  const found = await proposalsOf(folder);
  expect(found.map(({ source, kind }) => [basename(source), kind])).toEqual([
    ['notes.csv', 'table'],
    ['older.jsonl.gz', 'table'],
  ]);
});

it('A folder with nothing of the kind, or none at all, proposes nothing', async () => {
  expect(await proposalsOf(await folderWith('a.png', 'README.md'))).toEqual([]);
  expect(await proposalsOf('/no/such/folder')).toEqual([]);
});
