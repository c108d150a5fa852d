/** A progress notification with Cancel for a job that the user started. */
import * as vscode from 'vscode';
import type { Job, Jobs } from './jobs.js';
import { withoutLinks } from '../notices.js';
import type { Services } from '../services.js';
import { progressShare, progressText } from '../wording.js';

type Told = Pick<Services, 'jobs' | 'notices'>;

export function showJobProgress({ jobs, notices }: Told, folder: string, title: string): void {
  void follow().catch((error: unknown) => notices.error(error));

  /** A notification can be cancelled only once: each press opens a new one while the job runs. */
  async function follow(): Promise<void> {
    let shown = title;
    while (await withCancel(jobs, folder, shown)) {
      if (find(jobs, folder) === undefined) return;
      try {
        await jobs.cancel(folder);
        if (shown !== title) {
          await jobs.ended(folder);
          return;
        }
        // The next notification's Cancel stops the job at once.
        shown = `${title}: stopping after this step. Cancel again to stop at once`;
      } catch (error) {
        void notices.error(error);
      }
    }
  }
}

/** Resolves to `false` when the job has ended, to `true` when Cancel was pressed. */
async function withCancel(jobs: Jobs, folder: string, title: string): Promise<boolean> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
    title: withoutLinks(title),
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    let shown = 0;
    const subscription = jobs.onDidChange(report);
    report();
    try {
      return await Promise.race([jobs.ended(folder).then(() => false), cancelled(token)]);
    } finally {
      subscription.dispose();
    }

    function report(): void {
      const job = find(jobs, folder);
      if (job === undefined) return;
      const share = 100 * (progressShare(job.state) ?? 0);
      progress.report({
        message: withoutLinks(progressText(job.state)),
        increment: Math.max(0, share - shown),
      });
      shown = Math.max(shown, share);
    }
  });

  async function cancelled(token: vscode.CancellationToken): Promise<boolean> {
    await new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
    return true;
  }
}

function find(jobs: Jobs, folder: string): Job | undefined {
  return jobs.running().find((job) => job.folder === folder);
}
