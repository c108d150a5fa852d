/** The protocol `mlm`: held-out masked-token loss of each model, on the same notes with the same masks. */
import { failure, throwIfAborted } from '../base/errors.js';
import { evaluateMaskedLm } from './maskedLm.js';
import type { Candidate, EvaluationProtocol, EvaluationRow } from './protocol.js';

export const maskedWords: EvaluationProtocol = async (setup) => {
  const { candidates, heldOut, backend, threads, signal, onProgress } = setup;
  const [seed] = setup.seeds;
  const scored: Scored[] = [];
  const rows: EvaluationRow[] = [];
  const tokenizers = new Set<string>();
  let masked = 0;
  for (const candidate of candidates) {
    throwIfAborted(signal);
    await setup.pauseGate();
    const { folder, name } = candidate;
    const { config, parameters, tokenizer } = await candidate.load();
    tokenizers.add(JSON.stringify(tokenizer.files.tokenizerJson));
    const { loss, perplexity, accuracy, maskedTokens } = await evaluateMaskedLm({
      backend,
      config,
      parameters,
      tokenizer,
      documents: heldOut,
      seed,
      threads,
      signal,
      onProgress: (progress) => onProgress({ phase: `Evaluating ${name}`, ...progress }),
    });
    if (!Number.isFinite(perplexity)) {
      throw failure(
        `The loss of the model ${folder} is no usable number: its weights are damaged, so choose another model.`,
      );
    }
    masked = maskedTokens;
    scored.push({ name, perplexity });
    rows.push({ model: folder, shots: null, seed, figures: { loss, perplexity, accuracy } });
  }
  const verdict = tokenizers.size > 1 ? [incomparable] : comparisons(scored);
  return { rows, verdict, maskedTokens: masked };
};

type Scored = Pick<Candidate, 'name'> & { readonly perplexity: number };

const incomparable = 'The models have different tokenizers: their losses cannot be compared.';

function comparisons([first, ...others]: readonly Scored[]): string[] {
  if (first === undefined) return [];
  return others.map(({ name, perplexity }) => {
    const change = ((first.perplexity - perplexity) / first.perplexity) * 100;
    const direction = change >= 0 ? 'lower' : 'higher';
    return `${name} has a held-out perplexity of ${perplexity.toPrecision(3)}, ${Math.abs(change).toFixed(1)} % ${direction} than ${first.name} (${first.perplexity.toPrecision(3)}).`;
  });
}
