/**
 * Models on a hub (Hugging Face's or a mirror). Callers must have the user's consent: nothing else
 * in the core uses the network. `fetch` is passed in.
 */
import { downloadFile, listFiles, modelInfo } from '@huggingface/hub';
import { failure } from '../base/errors.js';
import { conversionReference } from './conversion.js';
import { accessTo, asking } from './hubAccess.js';
import type { Hub, HubFile, HubModel } from './hubAccess.js';
import { checkFileNames, isPickled, modelFilesAmong, weightsAmong } from './importFiles.js';
import { parseHubName } from './importNames.js';
import { isIndex, shardsOf } from './weightFiles.js';

/**
 * Lists what would be downloaded; throws at once if the model cannot be used. Takes safetensors if
 * there are any, else those of the conversion pull request, else the pickles.
 */
export async function inspectHubModel(text: string, hub: Hub): Promise<HubModel> {
  const { name, revision } = parseHubName(text);
  return asking(name, hub, async () => {
    const main = await listRevision(name, revision, hub);
    checkFileNames(name, main.names);
    const weights = isPickled(weightsAmong(main.names)) ? 'pickle' : 'safetensors';
    const reference =
      weights === 'pickle' && revision === null
        ? await conversionReference(name, main.revision, hub)
        : null;
    if (reference !== null) {
      const converted = await listRevision(name, reference, hub);
      if (!isPickled(weightsAmong(converted.names))) {
        return chosen(name, converted, { weights: 'conversion', reference }, hub);
      }
    }
    return chosen(name, main, { weights, reference: null }, hub);
  });
}

interface Revision {
  readonly revision: string;
  readonly files: readonly HubFile[];
  readonly names: ReadonlySet<string>;
}

async function listRevision(name: string, revision: string | null, hub: Hub): Promise<Revision> {
  const access = accessTo(hub);
  const { sha } = await modelInfo({
    name,
    additionalFields: ['sha'],
    ...(revision === null ? {} : { revision }),
    ...access,
  });
  const files: HubFile[] = [];
  for await (const file of listFiles({ repo: name, recursive: true, revision: sha, ...access })) {
    if (file.type !== 'file') continue;
    const sha256 = file.lfs?.oid ?? null;
    files.push({ path: file.path, bytes: file.lfs?.size ?? file.size, sha256 });
  }
  return { revision: sha, files, names: new Set(files.map(({ path }) => path)) };
}

async function chosen(
  name: string,
  { revision, files, names }: Revision,
  source: Pick<HubModel, 'weights' | 'reference'>,
  hub: Hub,
): Promise<HubModel> {
  const weights = weightsAmong(names);
  const shards =
    weights !== undefined && isIndex(weights) ? await readShards(name, revision, weights, hub) : [];
  const wanted = new Set(modelFilesAmong(names, new Set(shards)));
  return { name, revision, ...source, files: files.filter(({ path }) => wanted.has(path)) };
}

/** Only the index knows what the files of the weights are called. */
async function readShards(
  repo: string,
  revision: string,
  path: string,
  hub: Hub,
): Promise<string[]> {
  const blob = await downloadFile({ repo, revision, path, xet: false, ...accessTo(hub) });
  const text = blob === null || blob.size > longestIndex ? '' : await blob.text();
  const shards = shardsOf(parseObject(text));
  if (shards === null) {
    throw failure(`The file ${path} of ${repo} does not say where its weights are.`);
  }
  return [...new Set(shards.values())];
}

const longestIndex = 16 << 20;

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' ? { ...json } : null;
  } catch {
    return null;
  }
}
