import type { GivenReading } from '../../src/protocol/panels.js';

/** What a user can do in the panel. */
export interface Actions {
  /** Reads the source again, as it is given now. */
  readonly change: (given: GivenReading) => void;
  readonly rename: (name: string) => void;
  readonly add: () => void;
  readonly cancel: () => void;
}

export function isChecked({ target }: Event): boolean {
  return target instanceof HTMLInputElement && target.checked;
}
