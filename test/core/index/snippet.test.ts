import { expect, it } from 'vitest';
import { snippetOf } from '../../../src/core/index/snippet.js';

const filler = 'slept well and ate little '.repeat(20);
const text = `${filler}Troponin raised with chest\n pain. ${filler}`;
const whole = (terms?: Parameters<typeof snippetOf>[3]): string =>
  snippetOf(text, 0, text.length, terms);

it('shows the part that holds the words in common', () => {
  const snippet = whole([
    { term: 'troponin', weight: 0.6 },
    { term: 'pain', weight: 0.4 },
  ]);
  expect(snippet).toMatch(/^…\S.*Troponin raised with chest pain\..*…$/);
  expect(snippet.indexOf('Troponin')).toBeLessThan(60);
  expect(snippet.length).toBeLessThanOrEqual(201);
});

it('shows the beginning if no other part holds more', () => {
  expect(whole()).toMatch(/^slept well/);
  expect(whole([{ term: 'slept', weight: 1 }])).toMatch(/^slept well/);
  expect(whole([{ term: 'absent', weight: 1 }])).toMatch(/^slept well/);
});

it('stays within the stretch', () => {
  const snippet = snippetOf(text, 0, 400, [{ term: 'troponin', weight: 1 }]);
  expect(snippet).not.toContain('Troponin');
});
