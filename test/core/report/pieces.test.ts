/** The pieces that every report is built from. */
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/core/report/html.js';
import { lineChart } from '../../../src/core/report/lineChart.js';
import type { LineChart, Series } from '../../../src/core/report/lineChart.js';
import { card, facts, page, paragraph, remark, section } from '../../../src/core/report/page.js';
import { categoryLegend, scatterPlot } from '../../../src/core/report/scatterPlot.js';
import { bar, table } from '../../../src/core/report/table.js';

const hostile = '<script>"x"&\'y\'</script>';
const escaped = '&lt;script&gt;&quot;x&quot;&amp;&#39;y&#39;&lt;/script&gt;';

const line: Series = { name: 'loss', kind: 'line', colour: 0, x: [0, 50, 120], y: [4.5, 3.7, 3.2] };

function chart(...series: Series[]): string {
  const about: LineChart = { title: 'Loss', description: 'It fell.', xTitle: 'step', series };
  return lineChart(about).text;
}

/** Labels of the axes, in the order in which they are drawn. */
function labels(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>\s*([\d.,-]+)\s*<\/text/g)].map(([, label]) => label ?? '');
}

/** Whole paths of a class, as lists of pairs. */
function paths(svg: string, name: string): [number, number][][] {
  const found = svg.matchAll(new RegExp(`<path\\s+class="${name} [^"]*"\\s+d="([^"]*)"`, 'g'));
  return [...found].map(([, d]) =>
    [...(d ?? '').matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  );
}

describe('a template', () => {
  it('escapes strings but no templates', () => {
    expect(html`<p>${'a<b'}${html`<i>${'&'}</i>`}</p>`.text).toBe('<p>a&lt;b<i>&amp;</i></p>');
  });

  it('replaces control and direction characters', () => {
    expect(html`${'a\u0000b\u202ec'}`.text).toBe('a\ufffdb\ufffdc');
  });
});

describe('a page', () => {
  const render = (hasNoteText: boolean): string =>
    page({
      title: hostile,
      madeAt: hostile,
      hasNoteText,
      sections: [
        facts([{ name: hostile, value: hostile, remark: hostile }]),
        section(hostile, paragraph(hostile), remark(hostile), card(hostile)),
      ],
    });

  it('escapes whatever it is given, and loads and runs nothing', () => {
    const text = render(true);
    // Title twice, time, three parts of a fact, and the four of the section.
    expect(text.split(escaped)).toHaveLength(11);
    expect(text).not.toMatch(/<script|<img|<link|<iframe|\son\w+=["']|url\(|@import|https?:/i);
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('is drawn in light and in dark, and says whether it holds text of notes', () => {
    expect(render(true)).toContain('@media (prefers-color-scheme:dark)');
    expect(render(true)).toContain('treat it as you treat the notes');
    expect(render(false)).toContain('This page holds no text of notes.');
  });
});

describe('a table', () => {
  const { text } = table({
    caption: hostile,
    columns: [
      { title: 'Model', kind: 'heading' },
      { title: 'Loss', kind: 'number' },
      { title: 'Share', kind: 'text' },
    ],
    rows: [
      [hostile, '1.25', bar(0.504)],
      ['b', '0.75', ''],
    ],
  });

  it('has a caption, and headers with a scope', () => {
    expect(text).toMatch(/<caption>\s*&lt;script/);
    expect(text.match(/<th scope="col"/g)).toHaveLength(3);
    expect(text.match(/<th scope="row"/g)).toHaveLength(2);
    expect(text.match(/<td class="number"/g)).toHaveLength(2);
  });

  it('says the share that a bar shows', () => {
    expect(text).toMatch(/aria-hidden="true"><i style="width:50%"><\/i><\/span>\s+50%/);
  });
});

describe('a line chart', () => {
  it('says what it shows to those who do not see it', () => {
    expect(chart(line)).toMatch(
      /<svg[^>]*role="img">\s*<title>Loss<\/title>\s*<desc>It fell\.<\/desc>/,
    );
    expect(chart({ ...line, name: hostile })).toContain(escaped);
  });

  it('encloses the values in round numbers', () => {
    const [down, across] = [
      ['3.2', '3.4', '3.6', '3.8', '4', '4.2', '4.4', '4.6'],
      ['0', '20', '40', '60', '80', '100', '120'],
    ];
    expect(labels(chart(line))).toEqual([...down, ...across]);
  });

  it('has no half steps, and something to see where all values are alike', () => {
    expect(labels(chart({ ...line, x: [0, 1, 2], y: [7, 7, 7] }))).toEqual(
      ['6.4', '6.6', '6.8', '7', '7.2', '7.4', '7.6'].concat(['0', '1', '2']),
    );
  });

  it('draws a gap where a value is missing', () => {
    const [drawn] =
      chart({ ...line, x: [0, 1, 2, 3], y: [1, 2, NaN, 3] }).match(/d="[^"]*"/g) ?? [];
    expect(drawn?.match(/M/g)).toHaveLength(2);
    expect(drawn?.match(/L/g)).toHaveLength(1);
  });

  it('draws a band around its line, closed and within the axes', () => {
    const band: Series = {
      name: '95 % interval',
      kind: 'band',
      colour: 0,
      x: [0, 50, 120],
      low: [4, 3, 2.1],
      high: [5, 4.4, 4],
    };
    const svg = chart(band, line);
    const [around] = paths(svg, 'band');
    const [along] = paths(svg, 'line');
    expect(around).toHaveLength(6);
    for (const [at, [x, y]] of (along ?? []).entries()) {
      const [upper, lower] = [around?.[at], around?.[5 - at]];
      expect([upper?.[0], lower?.[0]]).toEqual([x, x]);
      expect(upper?.[1]).toBeLessThan(y);
      expect(lower?.[1]).toBeGreaterThan(y);
    }
    expect(labels(svg)[0]).toBe('2');
    expect(svg).toContain('95 % interval');
  });

  it('stays small however long a run was', () => {
    const x = Array.from({ length: 60_000 }, (_, i) => i);
    const long = chart({ ...line, kind: 'faint', x, y: x.map((i) => Math.sin(i)) });
    expect(long.length).toBeLessThan(60_000);
  });

  it('stands without a value', () => {
    expect(chart()).not.toMatch(/NaN|Infinity/);
  });
});

describe('a scatter plot', () => {
  const points = {
    x: [0, 10, 10],
    y: [0, 0, 2],
    category: [0, -1, 8],
    categories: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', hostile],
    titles: ['one', hostile, 'three'],
  };
  const { text } = scatterPlot({ title: 'Notes', description: 'Three notes.', points });

  it('has one scale for both directions, and north at the top', () => {
    const at = [...text.matchAll(/<path[^>]*transform="translate\(([\d.-]+) ([\d.-]+)\)"/g)].map(
      ([, x, y]) => [Number(x), Number(y)] as const,
    );
    const [a, b, c] = at;
    expect(at).toHaveLength(3);
    expect(b?.[1]).toBe(a?.[1]);
    expect(((b?.[1] ?? 0) - (c?.[1] ?? 0)) / ((b?.[0] ?? 0) - (a?.[0] ?? 0))).toBeCloseTo(0.2, 2);
  });

  it('gives a ninth category the first colour in another shape', () => {
    const marks = [...text.matchAll(/<path\s+class="(\w+)"[^>]*d="([^"]+)"/g)];
    expect(marks.map(([, colour]) => colour)).toEqual(['c0', 'none', 'c0']);
    expect(marks[2]?.[2]).not.toBe(marks[0]?.[2]);
    expect(marks[1]?.[2]).toBe(marks[0]?.[2]);
  });

  it('says what it shows, and names only categories that have points', () => {
    expect(text).toMatch(/role="img">\s*<title>Notes<\/title>\s*<desc>Three notes\.<\/desc>/);
    const legend = categoryLegend(points).text;
    expect(legend.match(/<li>/g)).toHaveLength(3);
    expect(legend).toContain(`${escaped} <b>1</b>`);
    expect(legend).toMatch(/No category <b>1<\/b>/);
  });

  it('stands without a point', () => {
    const none = { x: [], y: [], category: [], categories: [], titles: [] };
    expect(scatterPlot({ title: '', description: '', points: none }).text).not.toMatch(/NaN/);
  });
});
