import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isSameFile,
  noteAddressOf,
  noteIdOf,
  noteUriParts,
  storeToken,
} from '../../src/extension/notes/noteIdentity.js';

describe('noteIdOf', () => {
  it('is the relative path with forward slashes', () => {
    expect(noteIdOf('/notes', '/notes/ward/a.txt', path.posix)).toBe('ward/a.txt');
    expect(noteIdOf('C:\\notes', 'C:\\notes\\ward\\a.TXT', path.win32)).toBe('ward/a.TXT');
  });

  it("ignores a drive letter's case and follows UNC paths", () => {
    expect(noteIdOf('C:\\notes', 'c:\\notes\\a.md', path.win32)).toBe('a.md');
    expect(
      noteIdOf('\\\\server\\share\\notes', '\\\\server\\share\\notes\\w\\a.txt', path.win32),
    ).toBe('w/a.txt');
    expect(noteIdOf('\\\\server\\share\\notes', '\\\\other\\share\\notes\\a.txt', path.win32)).toBe(
      null,
    );
    expect(noteIdOf('C:\\notes', 'D:\\notes\\a.txt', path.win32)).toBe(null);
  });

  it('is null for what is no note of the folder', () => {
    for (const file of [
      '/elsewhere/a.txt',
      '/notes-of-mine/a.txt',
      '/notes/metadata.csv',
      '/notes/.notespace/runs/a.txt',
      '/notes/.hidden.txt',
      '/notes/a.py',
    ]) {
      expect(noteIdOf('/notes', file, path.posix), file).toBe(null);
    }
  });

  it('keeps names that only look like the way up', () => {
    expect(noteIdOf('/notes', '/notes/a..b/c.txt', path.posix)).toBe('a..b/c.txt');
  });
});

describe('isSameFile', () => {
  it('ignores case where the file system does', () => {
    expect(isSameFile('c:\\Notes\\a.txt', 'C:\\notes\\A.txt', path.win32, true)).toBe(true);
    expect(isSameFile('/notes/a.txt', '/notes/A.txt', path.posix, false)).toBe(false);
    expect(isSameFile('/notes/./a.txt', '/notes/a.txt', path.posix, false)).toBe(true);
  });
});

describe('addresses of rows', () => {
  it('survive the way through a URI, whatever the key', () => {
    for (const key of ['0f3a', 'a b&c=d', 'ö/..\\#?', '((']) {
      const address = { corpus: storeToken('/x/.notespace/index/y'), key };
      const { path: uriPath, query } = noteUriParts(address);
      expect(noteAddressOf(uriPath, query)).toEqual(address);
      expect(uriPath).toMatch(/^\/[0-9a-f]{12}\/note-[0-9a-f]{6}\.txt$/);
    }
  });

  it('are refused when they are not ours', () => {
    expect(noteAddressOf('/xyz/note.txt', 'key=1')).toBe(null);
    expect(noteAddressOf('/0123456789ab/note.txt', '')).toBe(null);
  });
});
