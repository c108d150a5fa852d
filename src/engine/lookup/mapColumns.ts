/** What the notes of a map can be coloured by: their fields, but none that tells who somebody is, and computed groups. */
import type { MapGroups } from '../../core/analyze/mapGroups.js';
import type { FieldValue } from '../../core/corpus/document.js';
import { fieldValue } from '../../core/index/filter/noteFields.js';
import type { FieldedNote } from '../../core/index/filter/noteFields.js';
import { offeredFields } from '../../core/index/filter/offeredFields.js';
import {
  groupNames,
  isMapColouring,
  isMapGrouping,
  mapColouringNames,
  mapColourings,
  mapGroupingNames,
} from '../../protocol/catalogue/map.js';
import type { KeptField } from '../../protocol/catalogue/reading.js';
import type { MapColumn, ScaleColumn, ValuesColumn } from '../../protocol/map.js';

/** Colours and shapes together tell half as many apart; the rest share one. */
const mostNamed = 64;
/** Words that name a group on the map. */
const wordsOfName = 3;

/** @param kept the columns that are kept with the notes */
export function noteColumns(
  notes: readonly FieldedNote[],
  kept: readonly KeptField[],
): readonly MapColumn[] {
  const offered = offeredFields({ notes }, kept).map(({ name, type }): MapColumn | null => {
    const head = isMapGrouping(name) ? keptHead(name) : headOf(name);
    const values = notes.map((note) => fieldValue(note, name));
    return type === 'text' ? valuesColumn(head, values) : scaleColumn(head, type, values);
  });
  const rank = ({ name }: MapColumn): number => {
    const place = mapColouringNames.findIndex((one) => one === name);
    return place === -1 ? mapColouringNames.length : place;
  };
  return offered.filter((column) => column !== null).sort((a, b) => rank(a) - rank(b));
}

/** @param places of the notes among those that the groups were found in */
export function groupColumns(
  { groupings }: MapGroups,
  places: readonly number[],
): readonly ValuesColumn[] {
  return mapGroupingNames.flatMap((name): ValuesColumn[] => {
    const { labels, keywords } = groupings[name];
    if (keywords.length === 0) return [];
    const plainValues = keywords.map((_, i) => `${groupNames[name]} ${i + 1}`);
    const values = keywords.map((words, i) =>
      words.length === 0 ? (plainValues[i] ?? '') : words.slice(0, wordsOfName).join(', '),
    );
    const codes = Int32Array.from(places, (place) => labels[place] ?? -1);
    // No column of a file is called so.
    const head = { ...headOf(name), name: `computed ${name}` };
    return [{ ...head, ...limited(values, codes), plainValues: plainValues.slice(0, mostNamed) }];
  });
}

function headOf(name: string): Pick<MapColumn, 'name' | 'label' | 'sentence'> {
  if (isMapColouring(name)) return { name, ...mapColourings[name] };
  return keptHead(name);
}

function keptHead(name: string): Pick<MapColumn, 'name' | 'label' | 'sentence'> {
  return { name, label: name, sentence: 'A column that is kept with the notes.' };
}

function valuesColumn(
  head: Pick<MapColumn, 'name' | 'label' | 'sentence'>,
  held: readonly FieldValue[],
): ValuesColumn | null {
  const counts = new Map<string, number>();
  for (const value of held) {
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  // Of one value alone there is nothing to see, except that it is the only category.
  if (counts.size < 2 && head.name !== mapColouringNames[0]) return null;
  const values = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([value]) => value);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = Int32Array.from(held, (value) =>
    value === null ? -1 : (codeOf.get(String(value)) ?? -1),
  );
  return { ...head, ...limited(values, codes), plainValues: null };
}

/** Most frequent first: those beyond the limit become one. */
function limited(
  values: readonly string[],
  codes: Int32Array,
): Pick<ValuesColumn, 'kind' | 'values' | 'codes' | 'others'> {
  return {
    kind: 'values',
    values: values.slice(0, mostNamed),
    codes: codes.map((code) => Math.min(code, mostNamed)),
    others: Math.max(0, values.length - mostNamed),
  };
}

function scaleColumn(
  head: Pick<MapColumn, 'name' | 'label' | 'sentence'>,
  type: ScaleColumn['type'],
  held: readonly FieldValue[],
): ScaleColumn | null {
  const numbers = Float64Array.from(held, (value) =>
    value === null ? NaN : type === 'date' ? millisecondsOf(String(value)) : Number(value),
  );
  let [first, last] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    first = Math.min(first, number);
    last = Math.max(last, number);
  }
  return first < last ? { ...head, kind: 'scale', type, numbers, first, last } : null;
}

/** A time without a zone is read as UTC, so that a map is the same everywhere. */
function millisecondsOf(date: string): number {
  return Date.parse(/T[\d:.]+$/.test(date) ? `${date}Z` : date);
}
