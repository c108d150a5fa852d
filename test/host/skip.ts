import type { TestContext } from 'vitest';

/**
 * For a test that needs something this machine may lack (a browser, a GPU driver, a package for
 * another platform): skips and says why; where `CI` is set nothing may be missing, so it fails.
 */
export function skipOrFail(context: TestContext, reason: string): never {
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') {
    throw new Error(`Skipped under CI: ${reason}`);
  }
  return context.skip(reason);
}
