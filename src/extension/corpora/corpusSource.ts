/** How corpora.json stores the location of a corpus. */
import nodePath from 'node:path';
import type { PlatformPath } from 'node:path';

const samplePrefix = 'sample:';

/**
 * Relative if inside the workspace folder, so that the folder can be moved; by name for a bundled
 * sample, since every update of the extension moves it; otherwise absolute.
 */
export function toStoredSource(
  source: string,
  workspaceFolder: string,
  samples: string,
  path: PlatformPath = nodePath,
): string {
  const withSlashes = (relative: string) => relative.split(path.sep).join('/');
  const inFolder = path.relative(workspaceFolder, source);
  if (inFolder === '') return '.';
  if (isInside(inFolder, path)) return withSlashes(inFolder);
  const inSamples = path.relative(samples, source);
  return isInside(inSamples, path) ? `${samplePrefix}${withSlashes(inSamples)}` : source;
}

/** The absolute path of a stored source, whether written by `toStoredSource` or by hand. */
export function fromStoredSource(
  stored: string,
  workspaceFolder: string,
  samples: string,
  path: PlatformPath = nodePath,
): string {
  return stored.startsWith(samplePrefix)
    ? path.join(samples, stored.slice(samplePrefix.length))
    : path.resolve(workspaceFolder, stored);
}

function isInside(relative: string, path: PlatformPath): boolean {
  const isAbove = relative === '..' || relative.startsWith(`..${path.sep}`);
  return relative !== '' && !path.isAbsolute(relative) && !isAbove;
}
