/** Which files of a folder are notes. Loads nothing, so that the extension may ask, too. */
const noteName = /\.(txt|text|md|markdown)$/i;

export function isNoteName(path: string): boolean {
  return noteName.test(path);
}
