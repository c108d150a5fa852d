import { buildOnce } from '../../../scripts/buildOnce.mjs';

/** vitest global set-up: tests of child processes and webviews run what is shipped. */
export async function setup(): Promise<void> {
  await buildOnce();
}
