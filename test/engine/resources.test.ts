/** The memory that a job is told it may take, on a machine and in a container. */
import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fileBytes, statFiles } from '../../src/engine/pageCache.js';
import { availableMemoryBytes, availableOf } from '../../src/engine/resources.js';

describe('availableOf', () => {
  const machine = { total: 64e9, free: 40e9, limit: 0, left: 40e9, pageCache: 5e9 };
  const container = { ...machine, limit: 8e9, left: 1e9 };

  it.each([
    ['a machine without limits', machine, 40e9],
    ['a limit above the memory there is', { ...machine, limit: 2 ** 64 }, 40e9],
    ['a container that is partly used, by files that can go too', container, 6e9],
    ['a container on a machine with less', { ...container, free: 2e9 }, 2e9],
    ['a fresh container', { ...container, left: 8e9 }, 8e9],
    ['a Node that does not say what is left', { ...container, left: null }, 8e9],
  ])('takes %s as it is', (_, figures, expected) => {
    expect(availableOf(figures)).toBe(expected);
  });
});

describe('availableMemoryBytes', () => {
  it('is some of this machine', () => {
    expect(availableMemoryBytes()).toBeGreaterThan(10e6);
    expect(availableMemoryBytes()).toBeLessThanOrEqual(totalmem());
  });
});

describe('page cache', () => {
  it('is looked up where either version of control groups keeps it', () => {
    expect(statFiles('0::/\n')).toEqual(['/sys/fs/cgroup/memory.stat']);
    expect(statFiles('0::/user.slice/app\n')).toEqual([
      '/sys/fs/cgroup/user.slice/app/memory.stat',
      '/sys/fs/cgroup/memory.stat',
    ]);
    expect(statFiles('5:cpu:/\n4:memory:/docker/1\n1:name=systemd:/\n')).toEqual([
      '/sys/fs/cgroup/memory/docker/1/memory.stat',
      '/sys/fs/cgroup/memory/memory.stat',
    ]);
    expect(statFiles('')).toEqual([]);
  });

  it('is the active and the inactive files, those of groups below among them', () => {
    expect(fileBytes('anon 7\nfile 9\ninactive_file 20\nactive_file 3\n')).toBe(23);
    expect(fileBytes('inactive_file 1\nactive_file 1\ntotal_inactive_file 5\n')).toBe(6);
    expect(fileBytes('')).toBe(0);
  });
});
