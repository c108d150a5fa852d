/**
 * DeCLUTR's spans: anchors in a document and positives near each (Giorgi et al., ACL 2021, section
 * 3.1). The authors count words, reject documents shorter than 2 x anchors x 512 words, and
 * truncate spans to the model's limit. Here spans are counted in tokens, so that the model reads
 * all that is drawn, and adapt to the document's length, so that none is rejected.
 */
import { beta } from '../../base/beta.js';
import type { Random } from '../../base/random.js';

export interface SpanSettings {
  readonly anchorsPerDocument: number;
  /** In tokens, used if the document is long enough; the authors' is 32. */
  readonly shortestSpan: number;
  readonly positivesPerAnchor: number;
  readonly samplingStrategy: 'any' | 'adjacent' | 'subsuming';
  /** Tokens that the model accepts, excluding special tokens: maxLength - 2. */
  readonly maxTokens: number;
}

/** Tokens [start, end) of the document, excluding special tokens. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface AnchorSpans {
  readonly anchor: Span;
  /** positivesPerAnchor spans. */
  readonly positives: readonly Span[];
}

export interface SpanPlan {
  readonly anchors: number;
  /** Span lengths, inclusive. */
  readonly shortest: number;
  readonly longest: number;
}

const longestEver = 512;
/** A shorter span says next to nothing about its document. */
const meaningful = 8;

/**
 * Spans for a document of `tokens` tokens. The longest span is min(512, floor(tokens / (2 x
 * anchors))), limited by the model; the shortest is `shortestSpan`, or half the longest if that is less.
 * Anchors of one document are contrasted with each other, so they must differ: a document gets
 * fewer anchors than requested (but at least one) if their longest span would be under 8 tokens,
 * that is with under 16 tokens per anchor. Below 8 tokens the whole document is both anchor and
 * positives, and only dropout makes them differ.
 */
export function planSpans(tokens: number, settings: SpanSettings): SpanPlan {
  const fitting = Math.floor(tokens / (2 * meaningful));
  const anchors = Math.max(1, Math.min(settings.anchorsPerDocument, fitting));
  const limit = Math.min(longestEver, settings.maxTokens);
  if (tokens < meaningful) {
    const whole = Math.min(tokens, limit);
    return { anchors, shortest: whole, longest: whole };
  }
  const longest = Math.min(limit, Math.floor(tokens / (2 * anchors)));
  return { anchors, shortest: Math.min(settings.shortestSpan, Math.ceil(longest / 2)), longest };
}

/** The anchors of a document of `tokens` >= 1 tokens, each with its positives. */
export function sampleSpans(tokens: number, random: Random, settings: SpanSettings): AnchorSpans[] {
  if (!(tokens >= 1)) throw new RangeError(`A document of ${tokens} tokens has no spans.`);
  const plan = planSpans(tokens, settings);
  const positives = Array.from({ length: settings.positivesPerAnchor });
  if (tokens < meaningful) {
    const whole = { start: 0, end: plan.longest };
    return [{ anchor: whole, positives: positives.map(() => whole) }];
  }
  return sampleAnchors(tokens, random, plan).map((anchor) => ({
    anchor,
    positives: positives.map(() => samplePositive(tokens, anchor, random, plan, settings)),
  }));
}

/**
 * Divides the document into chunks of the longest span's length. An anchor lies within one chunk
 * and makes it and its neighbours unavailable to the other anchors. If chunks are scarce, takes one
 * at either end, which has only one neighbour.
 */
function sampleAnchors(tokens: number, random: Random, plan: SpanPlan): Span[] {
  const { anchors, longest } = plan;
  const chunks = Array.from({ length: Math.floor(tokens / longest) }, (_, i) => i * longest);
  return Array.from({ length: anchors }, (_, i) => {
    const left = anchors - i;
    // Long spans represent their document: Beta(4, 2) favours them.
    const length = sampleLength(random, [4, 2], plan.shortest, longest);
    const scarce = Math.floor(chunks.length / left) < left;
    const chosen = scarce ? random.pick([0, chunks.length - 1]) : random.integer(chunks.length);
    const start = chunks[chosen]! + random.integer(longest - length + 1);
    chunks.splice(Math.max(0, chosen - 1), chosen === 0 ? 2 : 3);
    return { start, end: start + length };
  });
}

/** Short spans overlap less with each other: Beta(2, 4) favours them. */
function samplePositive(
  tokens: number,
  anchor: Span,
  random: Random,
  { shortest, longest }: SpanPlan,
  { samplingStrategy }: SpanSettings,
): Span {
  const draw = (limit: number): number => sampleLength(random, [2, 4], shortest, limit);
  const between = (first: number, last: number, length: number): Span => {
    const start = first + random.integer(last - first + 1);
    return { start, end: start + length };
  };
  switch (samplingStrategy) {
    case 'subsuming': {
      const length = draw(anchor.end - anchor.start);
      return between(anchor.start, anchor.end - length, length);
    }
    case 'adjacent': {
      // At least one side has room for half of the text outside the anchor.
      const length = draw(Math.min(longest, Math.max(anchor.start, tokens - anchor.end)));
      const starts = [anchor.start - length, anchor.end];
      const start = random.pick(starts.filter((s) => s >= 0 && s + length <= tokens));
      return { start, end: start + length };
    }
    case 'any': {
      const length = draw(longest);
      const first = Math.max(0, anchor.start - length);
      return between(first, Math.min(anchor.end, tokens - length), length);
    }
  }
}

function sampleLength(
  random: Random,
  [a, b]: readonly [number, number],
  shortest: number,
  longest: number,
): number {
  return shortest + Math.floor(beta(random, a, b) * (longest - shortest));
}
