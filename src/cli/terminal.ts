/** Standard output and error: one updating progress line on a terminal, occasional lines elsewhere. */
import { printable, printableLine } from '../core/base/printable.js';
import { count } from '../core/base/wording.js';
import type { Progress, Terminal } from './command.js';

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
}

/** Milliseconds between updates of a terminal's line, and between lines of a log. */
const terminalInterval = 100;
const logInterval = 10_000;

export function createTerminal(streams: Streams, now: () => number): Terminal {
  const progress =
    streams.stderr.isTTY === true
      ? lineProgress(streams.stderr, now)
      : logProgress(streams.stderr, now);
  return {
    out(text) {
      const safe = printable(text);
      streams.stdout.write(safe.endsWith('\n') ? safe : `${safe}\n`);
    },
    say(line) {
      progress.end();
      streams.stderr.write(`${printable(line)}\n`);
    },
    progress,
  };
}

type Shown = Parameters<Progress['show']>[0];

function lineProgress(stderr: Streams['stderr'], now: () => number): Progress {
  let shownAt = 0;
  let open = false;
  let last: Shown | null = null;
  const draw = (progress: Shown): void => {
    // A terminal of unknown width reports 0.
    const text = describe(progress).slice(0, Math.max(40, stderr.columns ?? 80) - 1);
    stderr.write(`\r\u001b[K${text}`);
    open = true;
  };
  return {
    show(progress) {
      const isNew = progress.phase !== last?.phase;
      if (isNew && last !== null && open) {
        draw(last);
        stderr.write('\n');
        open = false;
      }
      last = progress;
      if (!isNew && now() - shownAt < terminalInterval && progress.done !== progress.total) return;
      shownAt = now();
      draw(progress);
    },
    end() {
      if (open) stderr.write('\n');
      open = false;
      last = null;
    },
  };
}

function logProgress(stderr: Streams['stderr'], now: () => number): Progress {
  let shownAt = 0;
  let phase: string | null = null;
  let finished = false;
  return {
    show(progress) {
      const isNew = progress.phase !== phase;
      if (isNew) finished = false;
      const isLast = progress.done === progress.total && !finished;
      if (!isNew && !isLast && now() - shownAt < logInterval) return;
      finished = progress.done === progress.total;
      phase = progress.phase;
      shownAt = now();
      stderr.write(`${describe(progress)}\n`);
    },
    end: () => (phase = null),
  };
}

function describe({ phase: name, done, total, unit }: Shown): string {
  const phase = printableLine(name);
  if (total === null && done === 0) return phase;
  const counted = total === null ? count(done) : `${count(done)} of ${count(total)}`;
  const share = total === null || total === 0 ? '' : ` (${Math.floor((100 * done) / total)} %)`;
  return `${phase}: ${counted} ${unit}${share}`;
}
