import { describe, expect, it } from 'vitest';
import { paragraphLines } from '../../src/extension/lookup/paragraph.js';

function around(line: number, lines: readonly string[]): string | null {
  const found = paragraphLines(line, lines.length, (at) => lines[at] ?? '');
  return found === null ? null : lines.slice(found.first, found.last + 1).join('|');
}

const note = ['Seen at home.', 'Slept well.', '', 'Plan:', 'Review in a week.', '   ', 'End.'];

describe('paragraphLines', () => {
  it('ends at blank lines', () => {
    expect(around(0, note)).toBe('Seen at home.|Slept well.');
    expect(around(1, note)).toBe('Seen at home.|Slept well.');
    expect(around(6, note)).toBe('End.');
  });

  it('is nothing on a blank line or beyond the end', () => {
    expect(around(2, note)).toBe(null);
    expect(around(5, note)).toBe(null);
    expect(around(7, note)).toBe(null);
  });

  it('starts at a header where no line is blank', () => {
    const dense = ['HISTORY', 'Fell twice.', 'Medication: none', 'Plan:', 'Physio.', 'Walk.'];
    expect(around(1, dense)).toBe('HISTORY|Fell twice.');
    expect(around(2, dense)).toBe('Medication: none');
    expect(around(5, dense)).toBe('Plan:|Physio.|Walk.');
  });

  it('knows the headers that passages are cut at', () => {
    const dense = ['O/E: comfortable', 'Chest clear.', 'He said: rest', 'PLAN (HOME)', 'Rest.'];
    expect(around(1, dense)).toBe('O/E: comfortable|Chest clear.');
    expect(around(4, dense)).toBe('PLAN (HOME)|Rest.');
  });

  it('stays near the line in a text without any break', () => {
    const long = Array.from({ length: 500 }, (_, at) => `line ${at} of it`);
    const found = paragraphLines(250, long.length, (at) => long[at] ?? '');
    expect(found).not.toBe(null);
    if (found === null) return;
    expect(found.first).toBeLessThanOrEqual(250);
    expect(found.last).toBeGreaterThanOrEqual(250);
    expect(found.last - found.first).toBeLessThanOrEqual(41);
  });
});
