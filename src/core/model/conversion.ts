/**
 * The pull request in which Hugging Face's bot offers a model's weights as safetensors, found as
 * transformers finds it: open, by the bot, with its title, and made from what main is now.
 */
import { HubApiError, listCommits } from '@huggingface/hub';
import { accessTo } from './hubAccess.js';
import type { Hub } from './hubAccess.js';

const author = 'SFconvertbot';
const title = 'Adding `safetensors` variant of this model';

/**
 * `refs/pr/N`; `null` if there is none, or if the hub keeps no discussions, as mirrors do not.
 *
 * @param main commit of the main branch
 */
export async function conversionReference(
  name: string,
  main: string,
  hub: Hub,
): Promise<string | null> {
  const query = new URLSearchParams({ author, type: 'pull_request', status: 'open', p: '0' });
  const response = await hub.fetch(
    `${hub.url}/api/models/${name}/discussions?${query.toString()}`,
    {
      signal: hub.signal,
    },
  );
  if (!response.ok) return null;
  for (const number of conversions(await response.json())) {
    const reference = `refs/pr/${number}`;
    if (await isFrom(main, { name, reference, hub })) return reference;
  }
  return null;
}

function conversions(answer: unknown): number[] {
  const listed = isRecord(answer) ? answer['discussions'] : null;
  if (!Array.isArray(listed)) return [];
  return (listed as readonly unknown[]).filter(isRecord).flatMap((discussion) => {
    const { num, author: by, isPullRequest, status } = discussion;
    const isBots = isRecord(by) && by['name'] === author;
    const isOpen = isPullRequest === true && status === 'open';
    const isIt = isBots && isOpen && discussion['title'] === title;
    return isIt && typeof num === 'number' && Number.isSafeInteger(num) ? [num] : [];
  });
}

/** Whether the pull request adds one commit to `main`: weights changed since would be missing. */
async function isFrom(
  main: string,
  {
    name,
    reference,
    hub,
  }: { readonly name: string; readonly reference: string; readonly hub: Hub },
): Promise<boolean> {
  const revision = encodeURIComponent(reference);
  const commits = listCommits({ repo: name, revision, batchSize: 2, ...accessTo(hub) });
  try {
    await commits.next();
    const second: { readonly value: unknown } = await commits.next();
    return isRecord(second.value) && second.value['oid'] === main;
  } catch (error) {
    if (error instanceof HubApiError) return false;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
