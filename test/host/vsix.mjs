/** The packaged extension that tests install: the one that `npm test` made, else a fresh one. */
import { existsSync, mkdtempSync, cpSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/bundling.mjs';
import { packageExtension } from '../../scripts/package.mjs';

export async function testVsix() {
  const made = process.env.NOTESPACE_VSIX;
  if (made !== undefined && existsSync(made)) return made;
  return packageExtension({ quiet: true });
}

/** Stands in the editors' tests for the bundled model, which takes ten times as long to train and to embed. */
export const smallModel = join(root, 'test', 'fixtures', 'starter');

/**
 * A temporary folder to open in VS Code, with copies of the samples: `hospital-notes/`,
 * `mental-health.csv`, `incidents.jsonl`.
 */
export function temporaryWorkspace() {
  const folder = mkdtempSync(join(tmpdir(), 'notespace-workspace-'));
  for (const name of ['hospital-notes', 'mental-health.csv', 'incidents.jsonl']) {
    const sample = join(root, 'samples', name);
    if (existsSync(sample)) {
      cpSync(sample, join(folder, name), {
        recursive: true,
        filter: (path) => !path.includes('.notespace'),
      });
    }
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
