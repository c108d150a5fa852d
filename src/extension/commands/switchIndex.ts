/** Lets another index of a corpus answer: those of its models stand side by side. */
import { usageError } from '../../core/base/errors.js';
import { choose } from '../ask/choices.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Services } from '../services.js';

export async function switchIndex(
  { corpora, notices }: Services,
  corpus: Corpus,
  model: string | undefined,
): Promise<{ model: string }> {
  if (corpus.indexes.length < 2 && model === undefined) {
    throw usageError(
      `${corpus.name} has one index: choose "Index Notes with This Model" in the view Models to make another beside it.`,
    );
  }
  const chosen =
    model ??
    (await choose(
      `Which model answers for ${corpus.name}?`,
      corpus.indexes.map((index) => ({
        label: index.title,
        description: index.store === corpus.store ? 'answers now' : '',
        detail: index.isReady ? '' : 'Its index is not built yet: index the notes with it again',
        value: index.model,
      })),
    ));
  const index = corpus.indexes.find((each) => each.model === chosen);
  if (index?.isReady !== true) {
    throw usageError(
      `${corpus.name} has no index by that model yet: index the notes with it first.`,
    );
  }
  await corpora.useIndex(corpus, chosen);
  notices.brief(`${index.title} answers for ${corpus.name} now.`);
  return { model: chosen };
}
