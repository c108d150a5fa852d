/**
 * *Import Model…*: copies a folder, or downloads a model after asking twice: before contacting the hub,
 * and once the size is known.
 */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { importedName, parseHubName } from '../../core/model/importNames.js';
import { weightsSentence } from '../../core/model/weightsSentence.js';
import { exists } from '../../core/base/files.js';
import { plural } from '../../core/base/wording.js';
import type { HubModel, ImportJob } from '../../protocol/modelImport.js';
import type { Corpus } from '../corpora/corpora.js';
import { showJobProgress } from '../runs/jobProgress.js';
import { withoutLinks } from '../notices.js';
import { readSettings } from '../settings.js';
import { requireTrust } from '../trust.js';
import { jobTitle, megabytes } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { ask, choose, corpusFor } from '../ask/choices.js';
import { askFolder } from '../ask/pretrainSteps.js';

export type ImportArguments = { readonly folder: string } | { readonly hub: string };

export async function importModel(
  workbench: Workbench,
  given: ImportArguments | null,
): Promise<{ run: string }> {
  requireTrust();
  const corpus = await corpusFor(workbench);
  const wanted = given ?? (await askOrigin());
  return 'folder' in wanted
    ? importFolder(workbench, corpus, wanted.folder)
    : importFromHub(workbench, corpus, wanted.hub);
}

async function askOrigin(): Promise<ImportArguments> {
  const origin = await choose<'folder' | 'hub'>('Import Model', [
    {
      label: '$(folder) A folder…',
      detail: 'As Hugging Face writes them; it is copied',
      value: 'folder',
    },
    {
      label: '$(cloud-download) From a hub…',
      detail: 'Downloads a model by its name, when you have agreed',
      value: 'hub',
    },
  ]);
  if (origin === 'folder') {
    const folder = await askFolder('Model Folder');
    if (folder === null) throw new Cancelled();
    return { folder };
  }
  const hub = await ask({
    title: 'Import Model from a Hub',
    prompt: 'Its name, as owner/name.',
    placeHolder: 'FacebookAI/roberta-base',
    validateInput: (value) => (isHubName(value) ? null : 'owner/name, please.'),
  });
  return { hub };
}

async function importFolder(
  workbench: Workbench,
  corpus: Corpus,
  folder: string,
): Promise<{ run: string }> {
  // Report obvious problems at once; the job checks the weights too.
  const { checkImport } = await import('../../core/model/checkImport.js');
  await checkImport(folder);
  return start(workbench, corpus, { folder }, importedName(join(folder, '.')));
}

async function importFromHub(
  workbench: Workbench,
  corpus: Corpus,
  text: string,
): Promise<{ run: string }> {
  const { notices } = workbench;
  const { name, revision } = parseHubName(text);
  const { findInHubCache, hubCaches } = await import('../../core/model/hubCache.js');
  const cached = await findInHubCache(hubCaches(process.env), name, revision);
  if (cached !== null) return start(workbench, corpus, { folder: cached }, importedName(name));
  const { hubUrl } = readSettings(corpus.workspaceFolder.uri);
  const { host } = new URL(hubUrl);
  const agreed = await notices.confirm(
    `Ask ${host} about the model ${name}?`,
    `Notespace uses the network only now. ${host} learns the name of the model and the address of this machine, and nothing of your notes. You see how much there is to download before it begins.`,
    `Ask ${host}`,
  );
  if (!agreed) throw new Cancelled();
  const model = await inspect(workbench, hubUrl, text);
  const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
  const files = model.files.map((file) => file.path).join(', ');
  const download = `Download ${megabytes(bytes)}`;
  const detail = `${weightsSentence(model)} ${plural(model.files.length, 'file')} from ${host} and the servers that it refers to: ${files}. They are kept in ${corpus.models}. Nothing of your notes is sent.`;
  if (!(await notices.confirm(`Download ${name} (${megabytes(bytes)})?`, detail, download))) {
    throw new Cancelled();
  }
  return start(workbench, corpus, { hubUrl, model }, importedName(name));
}

function inspect({ lookup }: Workbench, hubUrl: string, name: string): Promise<HubModel> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: withoutLinks(`Asking ${new URL(hubUrl).host} about ${name}`),
    cancellable: true,
  };
  return Promise.resolve(
    vscode.window.withProgress(options, (_progress, token) =>
      lookup.request('hub/model', { hubUrl, name }, token),
    ),
  );
}

async function start(
  workbench: Workbench,
  wanted: Corpus,
  source: ImportJob['source'],
  name: string,
): Promise<{ run: string }> {
  const corpus = await workbench.corpora.claim(wanted);
  const spec: ImportJob = { kind: 'import', source, target: await freeFolder(corpus.models, name) };
  const run = await workbench.jobs.start(corpus.runs, spec);
  showJobProgress(workbench, run, jobTitle(spec, name));
  return { run };
}

async function freeFolder(models: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(models, number === 1 ? name : `${name}-${number}`);
    if (!(await exists(folder))) return folder;
  }
}

function isHubName(text: string): boolean {
  try {
    parseHubName(text);
    return true;
  } catch {
    return false;
  }
}
