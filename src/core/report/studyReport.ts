/** What the report of a study shows. */
import type { StudyOutcome } from '../study/outcome.js';
import type { StudyPlan } from '../study/study.js';
import type { StudyFinding } from '../../protocol/catalogue/study.js';

export interface ReportedPart {
  readonly label: string;
  /** "done", "left out" */
  readonly status: string;
  readonly plannedSeconds: number;
  readonly cost: {
    readonly seconds: number;
    /** Of all threads. */
    readonly cpuSeconds: number;
    readonly peakMemoryBytes: number;
  } | null;
  /** The job as it was run, in JSON; `null`: not begun. */
  readonly settings: string | null;
}

export interface StudyReport {
  readonly title: string;
  /** As displayed. */
  readonly madeAt: string;
  /** Whether every part has ended. */
  readonly isComplete: boolean;
  readonly plan: StudyPlan;
  readonly findings: readonly StudyFinding[];
  readonly outcome: StudyOutcome;
  /** Parts that failed or were left out, with the reason: one sentence each. */
  readonly missing: readonly string[];
  readonly parts: readonly ReportedPart[];
  /** Versions and the machine, by name. */
  readonly environment: Readonly<Record<string, string | number>>;
}
