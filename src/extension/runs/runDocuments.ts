/** What a run was asked to do, as a read-only document. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { runFileNames } from '../../protocol/run.js';
import { runScheme } from '../contributions.js';
import type { Corpora } from '../corpora/corpora.js';
import { storeToken } from '../notes/noteIdentity.js';

/** The URI has a token instead of the folder's path. */
export function runDocumentUri(folder: string): vscode.Uri {
  const path = `/${storeToken(folder)}/${basename(folder)}.json`;
  return vscode.Uri.from({ scheme: runScheme, path });
}

export function registerRunDocuments(corpora: Corpora): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(runScheme, {
    async provideTextDocumentContent({ path }) {
      const [, token, file = ''] = path.split('/');
      for (const runs of await corpora.runFolders()) {
        const folder = join(runs, basename(file, '.json'));
        if (storeToken(folder) === token) return read(join(folder, runFileNames.job));
      }
      return gone;
    },
  });
}

const gone = '// This run is not there any more.\n';

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => gone);
}
