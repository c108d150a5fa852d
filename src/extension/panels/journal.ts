/** Records messages posted to webviews, for tests; only when NOTESPACE_TEST is 1. */
const mostKept = 50;
const posted = new Map<string, unknown[]>();

function isWanted(): boolean {
  return process.env['NOTESPACE_TEST'] === '1';
}

export function recordPost(panel: string, message: unknown): void {
  if (!isWanted()) return;
  const messages = posted.get(panel) ?? [];
  messages.push(message);
  if (messages.length > mostKept) messages.shift();
  posted.set(panel, messages);
}

export function lastPosts(panel: string): readonly unknown[] {
  return isWanted() ? [...(posted.get(panel) ?? [])] : [];
}
