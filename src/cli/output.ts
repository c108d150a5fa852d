/** Prints a command's result: one JSON document, or text for a person. */
import { printableLine } from '../core/base/printable.js';
import type { Terminal } from './command.js';

/** JSON has no NaN or infinity: such figures become null. */
export function printJson(terminal: Terminal, document: object): void {
  terminal.progress.end();
  terminal.out(JSON.stringify({ format: 1, ...document }, null, 2));
}

/** Name and value in aligned rows. */
export function printFacts(
  terminal: Terminal,
  facts: readonly (readonly [string, string])[],
): void {
  terminal.progress.end();
  const width = Math.max(...facts.map(([name]) => name.length));
  terminal.out(
    facts.map(([name, value]) => `${name.padEnd(width)}  ${printableLine(value)}`).join('\n'),
  );
}

export function printTable(
  terminal: Terminal,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  terminal.progress.end();
  const all = [header, ...rows].map((row) => row.map(printableLine));
  const widths = header.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  terminal.out(all.map(line).join('\n'));
}

export function seconds(value: number): string {
  return value < 90
    ? `${value.toFixed(1)} s`
    : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}
