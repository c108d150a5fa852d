import { expect, it } from 'vitest';
import { askSteps, back } from '../../src/extension/ask/steps.js';
import type { Step } from '../../src/extension/ask/steps.js';

it('Questions come in order, say where they are, and lead back to what was answered', async () => {
  const seen: string[] = [];
  const script: (string | typeof back)[] = ['a', back, 'b', 'c', back, 'd', 'e'];
  const step =
    (name: string): Step<Record<string, string>> =>
    (answers, { step: at, totalSteps }) => {
      seen.push(`${at}/${totalSteps} ${name} ${answers[name] ?? '-'}`);
      const next = script.shift() ?? '';
      return Promise.resolve(next === back ? back : { ...answers, [name]: next });
    };
  const answers = await askSteps('Title', {}, [step('x'), step('y'), step('z')]);
  expect(answers).toEqual({ x: 'b', y: 'd', z: 'e' });
  expect(seen).toEqual([
    '1/3 x -',
    '2/3 y -',
    '1/3 x a',
    '2/3 y -',
    '3/3 z -',
    '2/3 y c',
    '3/3 z -',
  ]);
});

it('A question that is needless is left out, in both directions, and not counted', async () => {
  const seen: string[] = [];
  const script: (string | typeof back)[] = ['plain', back, 'rich', 'extra', back, 'more', 'end'];
  const ask =
    (name: string): Step<Record<string, string>> =>
    (answers, { step: at, totalSteps }) => {
      seen.push(`${at}/${totalSteps} ${name}`);
      const next = script.shift() ?? '';
      return Promise.resolve(next === back ? back : { ...answers, [name]: next });
    };
  const rich = (answers: Record<string, string>): boolean => answers['kind'] === 'rich';
  const answers = await askSteps('Title', {}, [
    ask('kind'),
    { isAsked: rich, ask: ask('detail') },
    ask('last'),
  ]);
  expect(answers).toEqual({ kind: 'rich', detail: 'more', last: 'end' });
  expect(seen).toEqual([
    '1/2 kind',
    '2/2 last',
    '1/2 kind',
    '2/3 detail',
    '3/3 last',
    '2/3 detail',
    '3/3 last',
  ]);
});
