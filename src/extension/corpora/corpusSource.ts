/** How corpora.json writes down where a corpus is. */
import nodePath from 'node:path';
import type { PlatformPath } from 'node:path';

const samplePrefix = 'sample:';

/**
 * Relative to the workspace folder where it lies in it, so that the folder may move; a bundled
 * sample by its name, since every update of the extension moves it; else absolute.
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

/** The absolute path of what `toStoredSource` wrote, or of what somebody wrote by hand. */
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
