/** What a probe child prints, and what is remembered of it. */
import type { Device } from '../protocol/catalogue/devices.js';

export interface ProviderReport {
  readonly name: Device;
  readonly usable: boolean;
  /** Why it is not usable, one sentence; `null` when it is. */
  readonly reason: string | null;
  /** Against figures that another program computed in float64; `null` when nothing ran. */
  readonly maxRelativeError: number | null;
  readonly gemmGflops: number | null;
}

/** A probe's answer on standard output: a JSON line; the last one counts. */
export type ProbeAnswer =
  | { readonly ok: true; readonly maxRelativeError: number; readonly gemmGflops: number | null }
  | { readonly ok: false; readonly error: string };

/** What a right provider stays below: float32 against float64 on a tiny model. */
export const toleratedError = 1e-4;
