import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, temporaryFolder } from '../engine/fixtures.js';
import { skipOrFail } from '../host/skip.js';
import { callsIn } from './calls.js';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

describe('notespace doctor', () => {
  it('stops at once when it is interrupted, and believes nothing of the probe', async (context) => {
    if (process.platform === 'win32') skipOrFail(context, 'Windows has no SIGINT to send.');
    const { child, outcome } = callsIn(folder).call('doctor');
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => {
        if (text.includes('Probing cpu')) resolve();
      });
    });
    child.kill('SIGINT');
    const { code, stdout, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('Probing cuda');
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });
});
