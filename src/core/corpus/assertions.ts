/**
 * Says of a text which stretches are negated and which are about the family, by lists of phrases and how
 * far each reaches: the method of ConText (Harkema and others, "ConText: an algorithm for determining
 * negation, experiencer, and temporal status from clinical reports", 2009) with lists of our own.
 */

export type Assertion = 'negated' | 'family';

export interface AssertedRange {
  readonly kind: Assertion;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
}

interface Rule {
  readonly kind: Assertion;
  /** Whether what follows the phrase is meant, or what comes before it. */
  readonly reach: 'after' | 'before' | 'sentence';
  readonly phrases: readonly string[];
  /** Whether the phrase must be the last word of what it answers: "Fever: no," but not "Chest: no pain". */
  readonly isAnswer?: true;
}

const rules: readonly Rule[] = [
  {
    kind: 'negated',
    reach: 'after',
    phrases: [
      ...['no', 'not', 'nil', 'non', 'without', 'w/o', 'denies', 'denied', 'denying', 'deny'],
      ...[
        'never',
        'neither',
        'nor',
        'none of',
        'absence of',
        'absent',
        'lack of',
        'lacks',
        'lacked',
      ],
      ...[
        'free of',
        'free from',
        'negative for',
        'negative',
        'rule out',
        'rules out',
        'ruled out',
        'r/o',
      ],
      ...['no evidence of', 'no sign of', 'no signs of', 'no history of', 'no complaints of'],
      ...[
        'fails to',
        'failed to',
        'declined',
        'declines',
        'resolved',
        'cannot see',
        'unremarkable for',
      ],
      ...[
        "doesn't",
        "didn't",
        "don't",
        "isn't",
        "wasn't",
        "hasn't",
        "haven't",
        "hadn't",
        "can't",
        "aren't",
      ],
      ...["weren't", 'exclude', 'excludes', 'excluded', 'unlikely to be', 'does not', 'did not'],
    ],
  },
  {
    kind: 'negated',
    reach: 'before',
    phrases: [
      ...['is denied', 'are denied', 'was denied', 'was negative', 'is negative', 'are negative'],
      ...[
        'were negative',
        'is absent',
        'are absent',
        'was absent',
        'was ruled out',
        'is ruled out',
      ],
      ...[
        'has been ruled out',
        'is unlikely',
        'has resolved',
        'have resolved',
        'not seen',
        'not found',
      ],
      ...['not present', 'not detected', 'not reported'],
    ],
  },
  {
    kind: 'negated',
    reach: 'before',
    isAnswer: true,
    phrases: ['no', 'nil', 'none', 'absent', 'negative', 'denied', 'ruled out', 'unlikely'],
  },
  {
    kind: 'family',
    reach: 'sentence',
    phrases: [
      ...[
        'family history',
        'fhx',
        'fh',
        'fam hx',
        'family hx',
        'runs in the family',
        'familial history',
      ],
      ...[
        'mother',
        'father',
        'brother',
        'sister',
        'aunt',
        'uncle',
        'cousin',
        'grandmother',
        'grandfather',
      ],
      ...[
        'maternal',
        'paternal',
        'sibling',
        'siblings',
        'parents',
        'brothers',
        'sisters',
        'mum',
        'mom',
        'dad',
      ],
      ...['grandparents', 'first degree relative', 'first-degree relative', 'relatives'],
    ],
  },
];

/** Phrases that look like rules and are none; they hide what they contain. */
const harmless = [
  ...['no increase', 'no change', 'no further', 'not only', 'not necessarily', 'no longer than'],
  ...[
    'not certain',
    'not sure',
    'not certain whether',
    'no doubt',
    'without difficulty',
    'gram negative',
  ],
  ...[
    'gram-negative',
    'no more than',
    'cannot be excluded',
    'cannot exclude',
    'can not be ruled out',
  ],
  ...[
    'cannot be ruled out',
    'not ruled out',
    'not excluded',
    'cannot rule out',
    'could not be ruled out',
  ],
  ...[
    'does not rule out',
    'told mother',
    'per mother',
    'mother reports',
    'father reports',
    'mum reports',
  ],
  ...[
    'mother states',
    'father states',
    'mother says',
    'brought in by mother',
    'brought in by father',
  ],
  ...['lives with', 'accompanied by', 'no. ', 'no 1', 'no one'],
];

/** Where a rule's reach ends before its sentence does. */
const ends = [
  ...[
    'but',
    'however',
    'although',
    'though',
    'except',
    'apart from',
    'aside from',
    'other than',
    'yet',
  ],
  ...[
    'which',
    'who',
    'because',
    'since',
    'as well as',
    'presents',
    'presented',
    'complains',
    'reports',
  ],
  ...[
    'complaining',
    'secondary to',
    'due to',
    'still',
    'has had',
    'now has',
    'developed',
    'positive for',
  ],
];

/** How many words a negation reaches at most. */
const mostWords = 10;

const sentenceEnd = /(?<=[.!?;])\s+|\r?\n+/gu;
const wordPattern = /[\p{L}\p{N}_]+/gu;

const phrasePattern = (phrases: readonly string[]): RegExp => {
  const alternatives = [...phrases]
    .sort((a, b) => b.length - a.length)
    .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '\\s+'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
};
const rulePatterns = rules.map((rule) => ({ ...rule, pattern: phrasePattern(rule.phrases) }));
const harmlessPattern = phrasePattern(harmless);
const endPattern = phrasePattern(ends);

/** In the order of the text, for each kind; ranges of one kind may touch but not overlap. */
export function assertionsIn(text: string): AssertedRange[] {
  const found: AssertedRange[] = [];
  for (const { start, end } of sentencesOf(text)) {
    const sentence = blanked(text.slice(start, end).replaceAll('’', "'"));
    const stops = [...sentence.matchAll(endPattern)].map(({ index, 0: { length } }) => ({
      start: index,
      end: index + length,
    }));
    for (const rule of rulePatterns) {
      for (const match of sentence.matchAll(rule.pattern)) {
        const range = reached(sentence, rule, match.index, match.index + match[0].length, stops);
        if (range.end > range.start) {
          found.push({ kind: rule.kind, start: start + range.start, end: start + range.end });
        }
      }
    }
  }
  return merged(found);
}

function reached(
  sentence: string,
  { reach, isAnswer }: Rule,
  from: number,
  to: number,
  stops: readonly { readonly start: number; readonly end: number }[],
): { start: number; end: number } {
  if (reach === 'sentence') return { start: 0, end: sentence.length };
  const isLast = /^\s*(?:[,;.)]|$)/u.test(sentence.slice(to));
  if (isLast ? reach === 'after' : isAnswer === true) return { start: to, end: to };
  if (reach === 'after') {
    const stop = stops.find(({ start }) => start >= to)?.start ?? sentence.length;
    const words = [...sentence.slice(to, stop).matchAll(wordPattern)];
    const last = words[Math.min(words.length, mostWords) - 1];
    return { start: to, end: last === undefined ? to : to + last.index + last[0].length };
  }
  const stop = stops.findLast(({ end }) => end <= from)?.end ?? 0;
  const words = [...sentence.slice(stop, from).matchAll(wordPattern)];
  const first = words[Math.max(0, words.length - mostWords)];
  return { start: first === undefined ? from : stop + first.index, end: from };
}

function* sentencesOf(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (const { index, 0: gap } of text.matchAll(sentenceEnd)) {
    if (index > start) yield { start, end: index };
    start = index + gap.length;
  }
  if (start < text.length) yield { start, end: text.length };
}

/** With what is harmless replaced by as many characters that no rule knows. */
function blanked(sentence: string): string {
  return sentence.replace(harmlessPattern, (phrase) => '\u0000'.repeat(phrase.length));
}

function merged(ranges: readonly AssertedRange[]): AssertedRange[] {
  const sorted = [...ranges].sort(
    (a, b) => (a.kind === b.kind ? 0 : a.kind < b.kind ? -1 : 1) || a.start - b.start,
  );
  const result: AssertedRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last?.kind !== range.kind || last.end < range.start) result.push(range);
    else result[result.length - 1] = { ...last, end: Math.max(last.end, range.end) };
  }
  return result;
}
