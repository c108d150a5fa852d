/** The figures of an analysis of an embedding space, and how its graph is built. */

export const analysisParts = {
  cosine: 'Cosine similarity',
  space: 'The space',
  clusters: 'Clusters',
  graph: 'Graph of nearest neighbours',
} as const;
export type AnalysisPart = keyof typeof analysisParts;

export interface AnalysisFigure {
  readonly part: AnalysisPart;
  readonly label: string;
  readonly sentence: string;
  /** Which direction sets categories apart, or spreads notes better; `null` where neither does by itself. */
  readonly better: 'higher' | 'lower' | null;
  /** `share`: in [0, 1], shown as a percentage; `decimals`: three of them; `magnitude`: three digits. */
  readonly format: 'share' | 'decimals' | 'magnitude';
}

/** In the order of the command line's JSON. */
export const analysisFigures = {
  within: {
    part: 'cosine',
    label: 'Within categories',
    sentence: 'Mean cosine of two notes of one category.',
    better: null,
    format: 'decimals',
  },
  between: {
    part: 'cosine',
    label: 'Between categories',
    sentence: 'Mean cosine of two notes of different categories.',
    better: null,
    format: 'decimals',
  },
  gap: {
    part: 'cosine',
    label: 'Gap',
    sentence: 'How much more alike notes of one category are.',
    better: 'higher',
    format: 'decimals',
  },
  alignment: {
    part: 'space',
    label: 'Alignment',
    sentence: 'Mean squared distance of two notes of one category.',
    better: 'lower',
    format: 'decimals',
  },
  uniformity: {
    part: 'space',
    label: 'Uniformity',
    sentence: 'How evenly notes are spread over the sphere: the lower, the more evenly.',
    better: 'lower',
    format: 'decimals',
  },
  isotropy: {
    part: 'space',
    label: 'Isotropy',
    sentence: 'How alike the space looks from all directions; 1 is alike from everywhere.',
    better: 'higher',
    format: 'decimals',
  },
  effectiveDimension: {
    part: 'space',
    label: 'Effective dimension',
    sentence: 'In how many directions notes vary about equally.',
    better: null,
    format: 'magnitude',
  },
  hubness: {
    part: 'space',
    label: 'Hubness',
    sentence:
      'How unevenly notes are among the nearest of others; above 1 a few turn up everywhere.',
    better: 'lower',
    format: 'decimals',
  },
  silhouette: {
    part: 'clusters',
    label: 'Silhouette',
    sentence:
      'How much nearer notes are to their category than to the next, by Euclidean distance.',
    better: 'higher',
    format: 'decimals',
  },
  silhouetteCosine: {
    part: 'clusters',
    label: 'Silhouette, cosine',
    sentence: 'The same by cosine distance.',
    better: 'higher',
    format: 'decimals',
  },
  daviesBouldin: {
    part: 'clusters',
    label: 'Davies-Bouldin',
    sentence: 'How much categories overlap with the one they overlap with most.',
    better: 'lower',
    format: 'decimals',
  },
  calinskiHarabasz: {
    part: 'clusters',
    label: 'Calinski-Harabasz',
    sentence:
      'Variance between categories over the variance within; grows with the number of notes.',
    better: 'higher',
    format: 'magnitude',
  },
  adjustedRandIndex: {
    part: 'clusters',
    label: 'Adjusted Rand index',
    sentence: 'How well the clusters of k-means agree with the categories; 0 is chance.',
    better: 'higher',
    format: 'decimals',
  },
  normalisedMutualInformation: {
    part: 'clusters',
    label: 'Normalised mutual information',
    sentence: 'How much these clusters tell of the categories.',
    better: 'higher',
    format: 'decimals',
  },
  vMeasure: {
    part: 'clusters',
    label: 'V-measure',
    sentence: 'Whether these clusters hold one category each, and categories one cluster.',
    better: 'higher',
    format: 'decimals',
  },
  purity: {
    part: 'clusters',
    label: 'Purity',
    sentence: 'Share of notes that are of their cluster’s most frequent category.',
    better: 'higher',
    format: 'share',
  },
  noise: {
    part: 'clusters',
    label: 'Noise',
    sentence: 'Share of notes that belong to no dense cluster.',
    better: null,
    format: 'share',
  },
  densityRandIndex: {
    part: 'clusters',
    label: 'Adjusted Rand index, dense clusters',
    sentence: 'How well dense clusters agree with the categories; notes in none do not count.',
    better: 'higher',
    format: 'decimals',
  },
  homophily: {
    part: 'graph',
    label: 'Homophily',
    sentence: 'Share of edges between notes of one category.',
    better: 'higher',
    format: 'share',
  },
  homophilyElsewhere: {
    part: 'graph',
    label: 'Homophily, other patients',
    sentence: 'The same over edges between notes of different patients.',
    better: 'higher',
    format: 'share',
  },
  assortativity: {
    part: 'graph',
    label: 'Assortativity',
    sentence: 'Homophily beyond chance; 0 is chance, 1 joins only notes of one category.',
    better: 'higher',
    format: 'decimals',
  },
  modularity: {
    part: 'graph',
    label: 'Modularity',
    sentence: 'How well categories cut the graph into parts with few edges between them.',
    better: 'higher',
    format: 'decimals',
  },
  communityModularity: {
    part: 'graph',
    label: 'Modularity, communities',
    sentence: 'The same for the communities that the graph itself has.',
    better: null,
    format: 'decimals',
  },
  communityRandIndex: {
    part: 'graph',
    label: 'Adjusted Rand index, communities',
    sentence: 'How well communities agree with the categories; 0 is chance.',
    better: 'higher',
    format: 'decimals',
  },
} as const satisfies Readonly<Record<string, AnalysisFigure>>;

export type AnalysisFigureName = keyof typeof analysisFigures;
export const analysisFigureNames = Object.keys(analysisFigures) as AnalysisFigureName[];

/** Of the figures of one part, in their order. */
export function figuresOfPart(part: AnalysisPart): AnalysisFigureName[] {
  return analysisFigureNames.filter((name) => analysisFigures[name].part === part);
}

export const analysisPartNames = Object.keys(analysisParts) as AnalysisPart[];

/** How notes are put into groups without looking at their categories. */
export const groupingEntries = {
  kMeans: 'Clusters by k-means',
  density: 'Dense clusters',
  communities: 'Communities of the graph',
} as const;
export type GroupingName = keyof typeof groupingEntries;
export const groupingNames = Object.keys(groupingEntries) as GroupingName[];

/** What stands above tables and drawings, in the report and in the panel. */
export const analysisCaptions = {
  cosines: 'Mean cosine of the notes of two categories',
  histogram: 'Per cent of the pairs of notes, by their cosine.',
  repeated:
    'Templates, and text copied forward from note to note, word for word. Models see them as similarity.',
} as const;

/** Joins of two notes in the graph. */
export const edgeRuleEntries = {
  either: 'one note is among the nearest of the other',
  mutual: 'each note is among the nearest of the other',
} as const;
export type EdgeRule = keyof typeof edgeRuleEntries;
export const edgeRules = Object.keys(edgeRuleEntries) as EdgeRule[];

/** Neighbours of each note, unless the user names another number. */
export const usualNeighbours = 15;

/** As shown to the user; "–" where it is not defined. */
export function analysisFigureText(name: AnalysisFigureName, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const { format } = analysisFigures[name];
  const text =
    format === 'share'
      ? `${(100 * value).toFixed(1)} %`
      : format === 'decimals'
        ? value.toFixed(3)
        : Number(value.toPrecision(3)).toLocaleString('en');
  return text.replace('-', '−');
}
