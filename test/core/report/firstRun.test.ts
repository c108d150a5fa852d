import { describe, expect, it } from 'vitest';
import { renderFirstRun } from '../../../src/core/report/firstRun.js';
import type { FirstRunReport } from '../../../src/core/report/firstRun.js';

const hostile = '<script>alert("x")</script><img src=x onerror=\'y\'>';

const points = {
  x: [0, 1, 2, 3],
  y: [0, 1, -1, 0],
  category: [0, 1, 0, -1],
  categories: ['Cardiology', `B ${hostile}`],
  titles: ['patient 17', 'patient 18', hostile, 'patient 20'],
};

const data: FirstRunReport = {
  title: 'Notespace: notes',
  madeAt: '23 November 2026',
  corpus: {
    name: 'notes',
    documents: 600,
    categories: { Cardiology: 400, [hostile]: 200 },
    words: { median: 80, p95: 200 },
    problems: 2,
  },
  training: {
    objective: 'Masked language modelling',
    base: 'starter',
    steps: 100,
    tokens: 123_456,
    tokensPerSecond: 9000,
    documentsTrain: 540,
    documentsHeldOut: 60,
    heldOutLoss: { before: 4.5, after: 3.25 },
    curve: [
      { step: 0, loss: null, heldOutLoss: 4.5 },
      { step: 1, loss: 4.6, heldOutLoss: null },
      { step: 2, loss: 4.1, heldOutLoss: null },
      { step: 2, loss: null, heldOutLoss: 3.25 },
    ],
  },
  neighbourAccuracy: { before: 0.5, after: 0.75 },
  chanceAccuracy: 0.25,
  projections: [{ title: 'After', points }],
  examples: [
    {
      title: 'patient 17',
      category: 'Cardiology',
      text: `Chest pain. ${hostile}`,
      results: [
        {
          title: 'patient 18',
          category: 'Cardiology',
          similarity: 0.987,
          nearness: 61.7,
          snippet: hostile,
        },
      ],
    },
  ],
  notes: ['One remark.'],
  showNoteText: true,
};

describe('renderFirstRun', () => {
  const page = renderFirstRun(data);

  it('is one page that loads nothing and runs nothing', () => {
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|<link|<iframe|\son\w+=["']|https?:\/\//i);
  });

  it('escapes whatever comes from notes', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    // Text, snippet, title of a point, category in legend, table and tag.
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('shows the figures', () => {
    for (const text of [
      '4.500 → 3.250',
      '50.0 % → 75.0 %',
      'by chance 25.0 %',
      '123,456',
      '62 %',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('does not claim of notes held out of this run that no model was trained on them', () => {
    expect(page).toMatch(/60\s+notes were held out of it/);
    expect(page).not.toContain('never');
    expect(page).toContain('One remark.');
  });

  it('draws a point a note, coloured by category, and the held-out losses', () => {
    const plot = /<svg[^>]*class="scatter"[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
    expect(plot.match(/<path/g)).toHaveLength(4);
    expect(plot.match(/class="c0"/g)).toHaveLength(2);
    expect(plot.match(/class="none"/g)).toHaveLength(1);
    expect(page.match(/<circle class="dot c1" [^>]*r="4.5"/g)).toHaveLength(2);
  });

  it('holds neither text nor names of notes unless asked', () => {
    const discreet = renderFirstRun({ ...data, showNoteText: false });
    expect(discreet).not.toMatch(/patient \d/);
    expect(discreet).not.toContain('Chest pain');
    expect(discreet).toContain('This page holds no text of notes.');
    expect(discreet).toContain('62 %');
  });

  it('does without training, maps and examples', () => {
    const bare = renderFirstRun({
      ...data,
      training: null,
      neighbourAccuracy: null,
      projections: [],
      examples: [],
    });
    expect(bare).toContain('600');
    expect(bare).not.toContain('<svg');
  });
});
