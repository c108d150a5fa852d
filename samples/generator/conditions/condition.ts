/** What is known about a hospital condition; strings are templates of prose.ts. */
export type VitalsProfile =
  | 'well'
  | 'fever'
  | 'septic'
  | 'hypoxic'
  | 'shock'
  | 'tachycardic'
  | 'bradycardic'
  | 'hypertensive';

export interface Imaging {
  readonly study: string;
  readonly clinical: string;
  readonly findings: readonly string[];
  readonly impression: readonly string[];
}

export interface Condition {
  readonly name: string;
  readonly ages: readonly [number, number];
  readonly sex?: 'F' | 'M';
  /** Weights of triage categories 1 (immediate) to 5 (non-urgent). */
  readonly triage: readonly [number, number, number, number, number];
  readonly vitals: readonly VitalsProfile[];
  readonly history: readonly string[];
  readonly drugs: readonly string[];
  /** Fits after "presents with". */
  readonly complaint: readonly string[];
  readonly story: readonly string[];
  /** Fits after "no". */
  readonly absent: readonly string[];
  readonly exam: readonly string[];
  readonly tests: readonly string[];
  readonly imaging: readonly Imaging[];
  readonly treatment: readonly string[];
  readonly course: readonly string[];
  readonly nursing: readonly string[];
  readonly after: readonly string[];
}
