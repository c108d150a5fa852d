/** How notes are looked up: the ways there are, and the defaults of the editor and the command line. */

export const lookupModes = {
  hybrid: {
    label: 'Meaning and words',
    sentence: 'By both, weighed by what this corpus shows.',
  },
  semantic: { label: 'Meaning', sentence: 'By the vectors of the model.' },
  keyword: { label: 'Words', sentence: 'By words in common; rare ones count for more.' },
} as const;

export type LookupMode = keyof typeof lookupModes;
export const lookupModeNames = Object.keys(lookupModes) as LookupMode[];

/** How near a note is, as it is shown: "62 %", or the cosine where that is all that is known. */
export function nearnessText(result: {
  readonly nearness: number | null;
  readonly similarity: number;
}): string {
  const { nearness, similarity } = result;
  return nearness === null ? similarity.toFixed(3) : `${Math.round(nearness)} %`;
}

/** Labels of a note that denies what the query says, or says it of the family. */
export const assertionLabels = { negated: 'negated', family: 'family history' } as const;

/** What a lookup does unless told otherwise. */
export const lookupDefaults = {
  mode: 'hybrid',
  k: 10,
  /** Other notes of the patient whose note is looked up are left out. */
  excludeGroup: true,
  excludeFolder: false,
  /** Almost identical notes stand as one result. */
  foldCopies: true,
  /** Notes that only deny what the query says, or say it of the family, stay, with a label. */
  leaveOutNegated: false,
} as const satisfies Required<LookupOptions> & { readonly k: number };

export interface LookupOptions {
  readonly mode?: LookupMode;
  readonly excludeGroup?: boolean;
  readonly excludeFolder?: boolean;
  readonly foldCopies?: boolean;
  readonly leaveOutNegated?: boolean;
}
