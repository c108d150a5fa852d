/** Presenting problems of mental-health care; most are met by several teams. */
export interface Problem {
  readonly name: string;
  readonly ages: readonly [number, number];
  readonly symptoms: readonly string[];
  readonly story: readonly string[];
  readonly state: readonly string[];
  readonly risk: readonly string[];
  readonly medication: readonly string[];
  readonly plan: readonly string[];
}
