import { expect, it } from 'vitest';
import { createHistory } from '../../src/extension/lookup/history.js';

it('goes back and forward, forgets what was ahead, and the oldest', () => {
  const history = createHistory<string>(3);
  history.move(-1);
  expect([history.current(), history.canGoBack(), history.canGoForward()]).toEqual([
    null,
    false,
    false,
  ]);
  for (const entry of ['a', 'b', 'c', 'd']) history.put(entry, false);
  history.move(-1);
  history.move(-1);
  expect([history.current(), history.canGoBack()]).toEqual(['b', false]);
  history.move(-1);
  expect(history.current()).toBe('b');
  history.put('e', true);
  expect([history.current(), history.canGoForward()]).toEqual(['e', false]);
});

it('stays where it is when others are forgotten', () => {
  const history = createHistory<string>(9);
  for (const entry of ['a1', 'b1', 'a2', 'b2']) history.put(entry, false);
  history.move(-1);
  history.keep((entry) => entry.startsWith('a'));
  expect([history.current(), history.canGoBack(), history.canGoForward()]).toEqual([
    'a2',
    true,
    false,
  ]);
  history.keep(() => false);
  expect(history.current()).toBe(null);
  history.put('c', false);
  expect(history.current()).toBe('c');
});
