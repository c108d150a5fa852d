/** Size of the page cache of this process's control group, which Linux gives back when memory is needed. */
import { readFileSync } from 'node:fs';

/** In bytes; 0 if the system does not report it. */
export function pageCacheBytes(): number {
  const candidates = statFiles(read('/proc/self/cgroup') ?? '');
  for (const path of candidates) {
    const text = read(path);
    if (text !== null) return fileBytes(text);
  }
  return 0;
}

/** Where the statistics may be, for cgroup versions 1 and 2; inside a container its own group is the root. */
export function statFiles(ownGroups: string): string[] {
  const root = '/sys/fs/cgroup';
  return ownGroups.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    const isFirstVersion = controllers!.split(',').includes('memory');
    if (controllers !== '' && !isFirstVersion) return [];
    const folder = isFirstVersion ? `${root}/memory` : root;
    return [...new Set([`${folder}${path === '/' ? '' : path}`, folder])].map(
      (group) => `${group}/memory.stat`,
    );
  });
}

/** In version 1, the plain figures exclude child groups and the `total_` figures include them. */
export function fileBytes(statistics: string): number {
  const values = new Map(
    statistics.split('\n').map((line) => {
      const [name, value] = line.split(' ');
      return [name!, Number(value)];
    }),
  );
  const of = (name: string): number => values.get(`total_${name}`) ?? values.get(name) ?? 0;
  return of('active_file') + of('inactive_file');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
