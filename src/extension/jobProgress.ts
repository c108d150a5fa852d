/** A notification with Cancel for a job that the user started. */
import * as vscode from 'vscode';
import type { Job, Jobs } from './jobs.js';
import { progressShare, progressText } from './wording.js';

export function showJobProgress(jobs: Jobs, folder: string, title: string): void {
  void withCancel(jobs, folder, title).then(async (wasCancelled) => {
    // A notification's button works once: stopping has one of its own, which stops at once.
    if (wasCancelled && find(jobs, folder) !== undefined) {
      const stopping = `${title}: stopping after this step. Cancel again to stop at once`;
      if (await withCancel(jobs, folder, stopping)) await jobs.ended(folder);
    }
  });
}

/** Resolves when the job has ended (`false`) or was asked to stop (`true`). */
async function withCancel(jobs: Jobs, folder: string, title: string): Promise<boolean> {
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
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
      progress.report({ message: progressText(job.state), increment: Math.max(0, share - shown) });
      shown = Math.max(shown, share);
    }
  });

  async function cancelled(token: vscode.CancellationToken): Promise<boolean> {
    await new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
    await jobs.cancel(folder);
    return true;
  }
}

function find(jobs: Jobs, folder: string): Job | undefined {
  return jobs.running().find((job) => job.folder === folder);
}
