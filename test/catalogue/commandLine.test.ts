/** What is new in the catalogue is on the command line, without another edit. */
import { expect, it } from 'vitest';
import { addMadeUp, madeUp, objective, protocol, role } from './madeUp.js';

addMadeUp();
const { runCommandLine } = await import('../../src/cli/commandLine.js');

async function said(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env: {},
    cwd: '.',
    now: () => 0,
  });
  return { code, out, err };
}

it('The overview names what a corpus can be', async () => {
  expect((await said('--help')).out).toMatch(
    /a folder of .txt or .md notes, or a .csv, .* or .bars file, plain or .gz\./,
  );
});

it('The help of pretrain has each objective with its sentence, and its weights', async () => {
  const { out } = await said('pretrain', '--help');
  expect(out).toMatch(new RegExp(`^ +${madeUp.objective} +${objective.sentence}$`, 'm'));
  expect(out).toContain('echoLoss=0.7,mlm=1');
});

it('The help of evaluate has each protocol with its sentence', async () => {
  const { out } = await said('evaluate', '--help');
  expect(out).toMatch(new RegExp(`^ +${madeUp.protocol} +${protocol.sentence}$`, 'm'));
});

it.each(['corpus', 'pretrain', 'index', 'evaluate'])(
  'The help of %s has each role that a field may have',
  async (command) => {
    const { out } = await said(command, '--help');
    expect(out).toMatch(new RegExp(`^ +--${madeUp.role}-field NAME +${role.help}$`, 'm'));
    for (const known of ['text', 'id', 'category', 'label', 'group', 'date', 'split']) {
      expect(out).toContain(`--${known}-field NAME`);
    }
  },
);

it('A device is offered where it has a use, and nowhere else', async () => {
  for (const command of ['index', 'similar']) {
    expect((await said(command, '--help')).out).toMatch(/\(auto, cpu, .*, npu\)/);
  }
  expect((await said('pretrain', '--help')).out).not.toContain('npu');
});

it.each([
  ['pretrain', '--objective', /mlm, .*, echo/],
  ['evaluate', '--protocol', /mlm, .*wordCount, both/],
  ['index', '--device', /auto, cpu, .*, npu/],
])('%s refuses another %s, and says what there is', async (command, option, names) => {
  const { code, err } = await said(command, option, 'nonsense');
  expect(code).toBe(2);
  expect(err).toMatch(new RegExp(`${option} is one of ${names.source}, not "nonsense"\\.`));
});
