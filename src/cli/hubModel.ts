/** `hub:owner/name`: a model on a hub, downloaded once and only with the user's agreement. */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { usageError } from '../core/base/errors.js';
import { inspectHubModel } from '../core/model/hub.js';
import { importHubModel } from '../core/model/import.js';
import type { ModelPlaces } from '../core/model/adapterBase.js';
import { findInHubCache, hubCaches } from '../core/model/hubCache.js';
import { importedRevision, parseHubName } from '../core/model/importNames.js';
import { weightsSentence } from '../core/model/weightsSentence.js';
import { cacheFolder } from '../engine/paths.js';
import { exists } from '../core/base/files.js';
import type { CommandContext } from './command.js';

/** Hugging Face's own variable for mirror addresses. */
const hubVariable = 'HF_ENDPOINT';

/**
 * The model's folder; uses no network if that revision is already in our cache, or in the one in
 * which Python keeps models of the hub.
 */
export async function hubModelFolder(
  model: string,
  isAgreed: boolean,
  { terminal, signal, env }: CommandContext,
): Promise<string> {
  const { name, revision } = parseHubName(model);
  const target = join(await cacheFolder(env), 'models', importedRevision(name, revision));
  if (await exists(join(target, 'config.json'))) return target;
  const cached = await findInHubCache(hubCaches(env), name, revision);
  if (cached !== null) return cached;
  const url = (env[hubVariable] ?? 'https://huggingface.co').replace(/\/+$/, '');
  if (!isAgreed) await ask(name, url);
  const hub = { url, fetch, signal };
  const found = await inspectHubModel(model, hub);
  const total = found.files.reduce((sum, { bytes }) => sum + bytes, 0);
  terminal.say(
    `Downloading ${name}, ${(total / 1e6).toFixed(0)} MB, to ${target}. ${weightsSentence(found)}`,
  );
  await importHubModel(found, target, hub, {
    places: await modelPlaces(env),
    onProgress: (done) =>
      terminal.progress.show({
        phase: 'Downloading',
        done: Math.round(done / 1e6),
        total: Math.ceil(total / 1e6),
        unit: 'MB',
      }),
  });
  terminal.progress.end();
  return target;
}

/** Where models of a hub may be on this machine. */
export async function modelPlaces(env: NodeJS.ProcessEnv): Promise<ModelPlaces> {
  return { models: [join(await cacheFolder(env), 'models')], hubCaches: hubCaches(env) };
}

async function ask(name: string, url: string): Promise<void> {
  const refusal = usageError(
    `${name} would be downloaded from ${url}: add --yes to agree, or name a model folder.`,
  );
  if (!process.stdin.isTTY) throw refusal;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      `Download ${name} from ${url}? Nothing of your notes is sent. [y/N] `,
    );
    if (!/^y(es)?$/i.test(answer.trim())) throw refusal;
  } finally {
    prompt.close();
  }
}
