/** What the notes are coloured by, and which of them are shown. */
import { scaleColour, scaleStep } from '../../src/core/report/drawing/scale.js';
import type { MapColumn, ScaleColumn } from '../../src/protocol/map.js';
import { formatCount, formatFigure, formatPlural } from '../shared/format.js';
import { rememberLast } from '../shared/rememberLast.js';
import type { PointStyle } from '../shared/scatterPlot.js';
import type { Theme } from '../shared/theme.js';
import type { PointsMessage } from './content.js';

/** Of a note without a value. */
export const noneCode = -1;
/** How points are drawn that no value of their own is shown of. */
const otherCode = -2;
const dimCode = -3;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** By the name of a column. */
export interface Filters {
  /** Codes of the values that are switched off. */
  readonly hidden: ReadonlyMap<string, ReadonlySet<number>>;
  readonly ranges: ReadonlyMap<string, Range>;
}

export const noFilters: Filters = { hidden: new Map(), ranges: new Map() };

/** @param chosen name of the column; `null`: the first */
export function activeColumn({ columns }: PointsMessage, chosen: string | null): MapColumn | null {
  return columns.find(({ name }) => name === chosen) ?? columns[0] ?? null;
}

export interface LegendEntry {
  readonly code: number;
  readonly name: string;
  readonly count: number;
}

/** Values that notes have; other ones and none come last. Of a scale, only that there is none. */
export const legendEntries = rememberLast((column: MapColumn): LegendEntry[] => {
  const counts = new Map<number, number>();
  const { length } = column.kind === 'values' ? column.codes : column.numbers;
  for (let point = 0; point < length; point++) {
    const code = codeOf(column, point);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const named =
    column.kind === 'values'
      ? [...column.values, `Other (${formatPlural(column.others, 'value')})`]
      : [];
  return [...named.entries(), [noneCode, nameOfNone(column)] as const].flatMap(([code, name]) => {
    const count = counts.get(code) ?? 0;
    return count === 0 ? [] : [{ code, name, count }];
  });
});

function nameOfNone(column: MapColumn): string {
  if (column.kind === 'values' && column.plainValues !== null) return 'In none';
  return `No ${column.label.slice(0, 1).toLowerCase()}${column.label.slice(1)}`;
}

/** Of a scale, 0 stands for any number. */
function codeOf(column: MapColumn, point: number): number {
  if (column.kind === 'values') return column.codes[point] ?? noneCode;
  return Number.isFinite(column.numbers[point]) ? 0 : noneCode;
}

/** A note's value, as it is shown. */
export function valueText(column: MapColumn, point: number): string {
  const code = codeOf(column, point);
  if (code === noneCode) return nameOfNone(column);
  if (column.kind === 'scale') return scaleText(column, column.numbers[point] ?? NaN);
  return column.values[code] ?? 'Other';
}

export function scaleText({ type }: Pick<ScaleColumn, 'type'>, value: number): string {
  if (type === 'date') return new Date(value).toISOString().slice(0, 10);
  return Number.isInteger(value) && Math.abs(value) < 1e6
    ? value.toString().replace('-', '−')
    : formatFigure(value);
}

/** 1 for each point that all filters let through [count]. */
export const visiblePoints = rememberLast(
  (message: PointsMessage, { hidden, ranges }: Filters): Uint8Array => {
    const visible = new Uint8Array(message.x.length).fill(1);
    for (const column of message.columns) {
      const off = hidden.get(column.name);
      if (off !== undefined && off.size > 0) {
        for (let i = 0; i < visible.length; i++) if (off.has(codeOf(column, i))) visible[i] = 0;
      }
      const range = ranges.get(column.name);
      if (range === undefined || column.kind !== 'scale') continue;
      for (let i = 0; i < visible.length; i++) {
        const value = column.numbers[i] ?? NaN;
        if (!(value >= range.from && value <= range.to)) visible[i] = 0;
      }
    }
    return visible;
  },
);

/** How each point is drawn, as `pointStyle` reads it [count]; those that were not found step back. */
export const drawnCodes = rememberLast(
  (
    message: PointsMessage,
    column: MapColumn | null,
    found: readonly number[] | null,
  ): Int32Array => {
    const lit = found === null ? null : new Set(found);
    return Int32Array.from(message.x, (_, point) => {
      if (lit?.has(point) === false) return dimCode;
      const code = column === null ? noneCode : codeOf(column, point);
      if (column === null || code === noneCode) return noneCode;
      if (column.kind === 'values') return code < column.values.length ? code : otherCode;
      return scaleStep(column.numbers[point] ?? NaN, column.first, column.last);
    });
  },
);

export function pointStyle(column: MapColumn | null, code: number, theme: Theme): PointStyle {
  if (code === dimCode) return { ...theme.category(noneCode), isDim: true };
  if (column?.kind !== 'scale' || code < 0) return theme.category(Math.max(code, noneCode));
  return { colour: scaleColour(theme.dark, code), symbol: 'circle' };
}

/** How the legend draws a value. */
export function valueStyle(column: MapColumn, code: number, theme: Theme): PointStyle {
  const isNamed = column.kind === 'values' && code < column.values.length;
  return theme.category(isNamed ? code : noneCode);
}

export function shownCount(visible: Uint8Array): number {
  return visible.reduce((sum, one) => sum + one, 0);
}

export function shownText(shown: number, all: number): string {
  return shown === all
    ? formatPlural(all, 'note')
    : `${formatCount(shown)} of ${formatPlural(all, 'note')}`;
}
