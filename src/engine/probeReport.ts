/** What a probe process prints, and the report made from it. */
import type { Device } from '../protocol/catalogue/devices.js';

export interface ProviderReport {
  readonly name: Device;
  readonly usable: boolean;
  /** Why it cannot be used, in one sentence; `null` if it can. */
  readonly reason: string | null;
  /** Relative to float64 results of another program; `null` if nothing ran. */
  readonly maxRelativeError: number | null;
  readonly gemmGflops: number | null;
  /** Useful operations of training steps; `null` if the device does not train, or was too slow. */
  readonly trainingGflops: number | null;
}

/** A probe's answer on standard output: JSON lines, of which the last one counts. */
export type ProbeAnswer =
  | {
      readonly ok: true;
      readonly maxRelativeError: number;
      readonly gemmGflops: number | null;
      readonly trainingGflops: number | null;
    }
  | { readonly ok: false; readonly error: string };

/** Tolerance for float32 against float64 on a tiny model. */
export const toleratedError = 1e-4;
