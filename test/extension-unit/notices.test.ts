import { beforeEach, expect, it } from 'vitest';
import { failure } from '../../src/core/base/errors.js';
import { showJobProgress } from '../../src/extension/runs/jobProgress.js';
import { createNotices } from '../../src/extension/notices.js';
import { EventEmitter, host } from '../host/fakeVscode.js';
import { settled } from './fixtures/services.js';

const channel = { info: () => 0, warn: () => 0, error: () => 0, show: () => 0 };
const attack = '[Look](command:workbench.action.quit)';

beforeEach(() => host.reset());

/** What the editor makes a link of. */
const link = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)/i;

it('makes no link of what a file or a model is called', async () => {
  const notices = createNotices(channel as never);
  await notices.info(`Added ${attack}.`);
  await notices.warn(`Added ${attack}.`);
  await notices.error(failure(`The model says ${attack}.`));
  await notices.confirm(`Remove ${attack}?`, `${attack} is gone then.`, 'Remove');
  notices.brief(attack);
  expect(host.shown).toHaveLength(5);
  for (const shown of [...host.shown, ...notices.shown()]) {
    expect(shown).not.toMatch(link);
    expect(shown).toContain('command:workbench.action.quit');
  }
});

const folder = '/runs/one';

function fakeJobs(cancel: (folder: string) => Promise<void>) {
  const state = { status: 'running', progress: { phase: attack, done: 0, total: null, unit: 'x' } };
  return {
    onDidChange: new EventEmitter<void>().event,
    running: () => [{ folder, state }],
    ended: () => new Promise<void>(() => undefined),
    cancel,
  };
}

it('makes no link of the title of a job, or of what it does', () => {
  const jobs = fakeJobs(() => Promise.resolve());
  showJobProgress({ jobs, notices: {} } as never, folder, `Indexing ${attack}`);
  expect(host.progress[0]?.title).not.toMatch(link);
  expect(host.shown[0]).toContain('command:');
  expect(host.shown[0]).not.toMatch(link);
});

it('says why a job could not be cancelled, and offers it again', async () => {
  const errors: unknown[] = [];
  let isFull = true;
  const jobs = fakeJobs(() => (isFull ? Promise.reject(failure('full')) : Promise.resolve()));
  const notices = { error: (error: unknown) => Promise.resolve(void errors.push(error)) };
  showJobProgress({ jobs, notices } as never, folder, 'Indexing');
  host.progress[0]?.cancel();
  await settled();
  expect(errors).toMatchObject([{ message: 'full' }]);
  expect(host.progress.map(({ title }) => title)).toEqual(['Indexing', 'Indexing']);
  isFull = false;
  host.progress[1]?.cancel();
  await settled();
  expect(host.progress[2]?.title).toMatch(/^Indexing: stopping after this step/);
});
