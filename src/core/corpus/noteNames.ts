/**
 * Decides which files of a folder are notes. Has no dependencies, so that the extension can use it
 * too.
 */
const noteName = /\.(txt|text|md|markdown)$/i;

export function isNoteName(path: string): boolean {
  return noteName.test(path);
}
