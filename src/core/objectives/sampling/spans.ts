/**
 * DeCLUTR's spans: anchors of a document and positives near each of them (Giorgi et al., ACL 2021,
 * section 3.1). The authors count words, refuse documents of fewer than 2 x anchors x 512 of them, and
 * cut what the model cannot take off the spans. Spans here are of tokens, so that what is drawn is what
 * the model reads, and adapt to the document, so that none is refused.
 */
import { beta } from '../../base/beta.js';
import type { Random } from '../../base/random.js';

export interface SpanSettings {
  readonly anchorsPerDocument: number;
  readonly positivesPerAnchor: number;
  readonly samplingStrategy: 'any' | 'adjacent' | 'subsuming';
  /** Tokens that the model takes beside its special ones: maxLength - 2. */
  readonly maxTokens: number;
}

/** Tokens [start, end) of the document, without special tokens around it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface AnchorSpans {
  readonly anchor: Span;
  /** positivesPerAnchor of them. */
  readonly positives: readonly Span[];
}

export interface SpanPlan {
  readonly anchors: number;
  /** Lengths of spans, bounds included. */
  readonly shortest: number;
  readonly longest: number;
}

const longestEver = 512;
/** The authors' shortest span, for documents that are long enough for it. */
const usualShortest = 32;
/** A span of fewer tokens says next to nothing about its document. */
const meaningful = 8;

/**
 * What a document of `tokens` tokens gives. The longest span is min(512, floor(tokens / (2 x anchors))),
 * or what the model takes; the shortest is 32 tokens, or half of the longest where that is less. Two
 * anchors of a document are told apart from each other, so that they must not be the same text: a
 * document gives fewer anchors than asked where their longest span would be under 8 tokens (under 16
 * tokens an anchor), but always one. Below 8 tokens the whole document is that anchor and its
 * positives; only dropout makes them differ.
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
  return { anchors, shortest: Math.min(usualShortest, Math.ceil(longest / 2)), longest };
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
 * The document is divided into chunks of the longest span's length; an anchor lies within one, and
 * takes it and its neighbours from the others. While chunks are scarce, those at either end are taken,
 * which have a single neighbour.
 */
function sampleAnchors(tokens: number, random: Random, plan: SpanPlan): Span[] {
  const { anchors, longest } = plan;
  const chunks = Array.from({ length: Math.floor(tokens / longest) }, (_, i) => i * longest);
  return Array.from({ length: anchors }, (_, i) => {
    const left = anchors - i;
    // Long spans speak for their document: Beta(4, 2) leans towards them.
    const length = sampleLength(random, [4, 2], plan.shortest, longest);
    const scarce = Math.floor(chunks.length / left) < left;
    const chosen = scarce ? random.pick([0, chunks.length - 1]) : random.integer(chunks.length);
    const start = chunks[chosen]! + random.integer(longest - length + 1);
    chunks.splice(Math.max(0, chosen - 1), chosen === 0 ? 2 : 3);
    return { start, end: start + length };
  });
}

/** Short spans overlap less with each other: Beta(2, 4) leans towards them. */
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
      // On one side at least there is room for half of what is not the anchor.
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
