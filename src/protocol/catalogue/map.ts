/** What the notes of a map can be coloured by, besides the columns that are kept with them. */
import { groupingEntries } from './analysis.js';
import type { GroupingName } from './analysis.js';

/** Groups that are found with the map, from the neighbours that it is drawn by. */
export const mapGroupingNames = ['density', 'communities'] as const satisfies GroupingName[];
export type MapGrouping = (typeof mapGroupingNames)[number];

export interface MapColouring {
  readonly label: string;
  readonly sentence: string;
}

/** In the order in which they are offered. */
export const mapColourings = {
  category: { label: 'Category', sentence: 'As the corpus says.' },
  label: { label: 'Label', sentence: 'As the corpus says.' },
  folder: { label: 'Folder', sentence: 'Where the notes are.' },
  date: { label: 'Date', sentence: 'From the first to the last.' },
  density: {
    label: groupingEntries.density,
    sentence: 'Computed: where notes lie close together; the others belong to none.',
  },
  communities: {
    label: groupingEntries.communities,
    sentence: 'Computed: notes that are among the nearest of each other. Every note is in one.',
  },
} as const satisfies Readonly<Record<string, MapColouring>>;
export type MapColouringName = keyof typeof mapColourings;
export const mapColouringNames = Object.keys(mapColourings) as MapColouringName[];

/** What one group is called where its keywords are not shown. */
export const groupNames = {
  density: 'Cluster',
  communities: 'Community',
} as const satisfies Readonly<Record<MapGrouping, string>>;

export function isMapColouring(name: string): name is MapColouringName {
  return Object.hasOwn(mapColourings, name);
}

export function isMapGrouping(name: string): name is MapGrouping {
  return mapGroupingNames.some((one) => one === name);
}

/** What can be done with notes that are selected on the map. */
export const mapActions = {
  export: { label: 'Export…', sentence: 'Save them as a table, with the columns that you tick.' },
  keep: { label: 'Keep as Corpus…', sentence: 'Train or evaluate on these notes alone.' },
} as const;
export type MapAction = keyof typeof mapActions;
export const mapActionNames = Object.keys(mapActions) as MapAction[];

/** How the map can be saved. */
export const mapPictures = {
  png: { label: 'Picture (PNG)', ending: 'png', canHoldNames: false },
  svg: { label: 'Drawing (SVG)', ending: 'svg', canHoldNames: true },
  html: { label: 'Page (HTML)', ending: 'html', canHoldNames: true },
} as const satisfies Readonly<
  Record<
    string,
    { readonly label: string; readonly ending: string; readonly canHoldNames: boolean }
  >
>;
export type MapPicture = keyof typeof mapPictures;
export const mapPictureNames = Object.keys(mapPictures) as MapPicture[];
