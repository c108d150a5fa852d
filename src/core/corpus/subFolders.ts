/** What the sub-folders of a folder of notes may mean: a category, or a patient each. */
import path from 'node:path';
import { firstFolderField } from '../../protocol/catalogue/reading.js';

/** The field that holds a note's sub-folder, as a path. */
export const folderField = 'folder';

export interface SubFolders {
  /** Empty if all notes are in one folder. */
  readonly fields: readonly string[];
  /** Whether the folders look as if each held the notes of one patient. */
  readonly arePatients: boolean;
  value(file: string, field: string): string | null;
}

/** More notes in a folder, on average, are hardly those of one patient. */
const mostNotesOfPatient = 30;
const fewestPatients = 5;
/** Words before a number that name no patient. */
const otherNames =
  /^(batch|category|class|clinic|cluster|day|department|dept|fold|group|hospital|month|part|set|site|split|team|trust|type|unit|ward|week|year)/i;

export function createSubFolders(files: readonly string[]): SubFolders {
  const above = commonFolders(files);
  const first = (file: string): string | null => {
    const folders = foldersOf(file);
    return folders[above] ?? null;
  };
  const hasFolders = files.some((file) => file.includes('/'));
  return {
    fields: hasFolders ? [folderField, firstFolderField] : [],
    arePatients: hasFolders && lookLikePatients(files.map(first)),
    value(file, field) {
      if (field === firstFolderField) return first(file);
      const folder = path.posix.dirname(file);
      return field === folderField && folder !== '.' ? folder : null;
    },
  };
}

function foldersOf(file: string): string[] {
  return file.split('/').slice(0, -1);
}

/** How many folders at the top hold all notes. */
function commonFolders(files: readonly string[]): number {
  const [one = []] = files.map(foldersOf);
  let count = one.length;
  for (const file of files) {
    const folders = foldersOf(file);
    let same = 0;
    while (same < count && folders[same] === one[same]) same++;
    count = same;
  }
  // A single folder of notes is still a folder.
  return count === one.length ? Math.max(0, count - 1) : count;
}

function lookLikePatients(folders: readonly (string | null)[]): boolean {
  const names = new Set(folders.filter((name) => name !== null));
  if (names.size < fewestPatients || folders.includes(null)) return false;
  if (folders.length / names.size > mostNotesOfPatient) return false;
  const all = [...names];
  const arePeriods = all.every((name) => /^((19|20)\d\d|\d{1,2})$/.test(name));
  const shapes = new Set(all.map((name) => name.replace(/\d+/g, '#')));
  return (
    !arePeriods &&
    shapes.size <= 2 &&
    all.every((name) => /\d/.test(name) && !otherNames.test(name))
  );
}
