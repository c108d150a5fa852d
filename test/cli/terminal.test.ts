import { describe, expect, it } from 'vitest';
import { createTerminal } from '../../src/cli/terminal.js';

function recorder(isTTY: boolean, columns?: number) {
  let written = '';
  let time = 0;
  const write = (text: string): unknown => (written += text);
  const stderr = columns === undefined ? { write, isTTY } : { write, isTTY, columns };
  const terminal = createTerminal({ stdout: { write }, stderr }, () => time);
  const show = (done: number, phase = 'Training', total: number | null = 100): void => {
    time += 200;
    terminal.progress.show({ phase, done, total, unit: 'steps' });
  };
  return { terminal, show, wait: (ms: number) => (time += ms), written: () => written };
}

describe('progress', () => {
  it('is one line that is written over on a terminal', () => {
    const { show, written, terminal } = recorder(true, 0);
    for (let done = 1; done <= 100; done++) show(done);
    terminal.say('A remark.');
    expect(written().match(/\n/g)).toHaveLength(2);
    expect(written()).toContain('\r\u001b[KTraining: 50 of 100 steps (50 %)\r');
    expect(written().endsWith('\nA remark.\n')).toBe(true);
  });

  it('is cut to the terminal’s width', () => {
    const { show, written } = recorder(true, 50);
    show(1, 'A phase whose name is much longer than the terminal is wide');
    expect(written().length).toBeLessThan(60);
  });

  it('is a line now and then in a log, and one for each phase and its end', () => {
    const { show, written, wait } = recorder(false);
    for (let done = 1; done <= 100; done++) show(done);
    show(1, 'Writing', null);
    wait(60_000);
    show(2, 'Writing', null);
    expect(written().split('\n')).toEqual([
      'Training: 1 of 100 steps (1 %)',
      'Training: 51 of 100 steps (51 %)',
      'Training: 100 of 100 steps (100 %)',
      'Writing: 1 steps',
      'Writing: 2 steps',
      '',
    ]);
  });
});

describe('text from outside', () => {
  it('reaches no terminal as control characters', () => {
    const { terminal, show, written } = recorder(false);
    terminal.out('{"id": "a\u001b[2J\u009b\u202e"}');
    terminal.say('Line one\nline two\u0007');
    show(1, 'Reading x\u001b]0;y');
    expect(written()).toBe(
      '{"id": "a\\u001b[2J\\u009b\\u202e"}\nLine one\nline two\\u0007\nReading x\\u001b]0;y: 1 of 100 steps (1 %)\n',
    );
  });
});
