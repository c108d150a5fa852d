/** Ctrl-C: the first one cancels and saves, the second ends the process at once. */
export interface Interrupts {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
}

export function watchInterrupts(say: (line: string) => void): Interrupts {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    say('Cancelling after this step; press Ctrl-C again to stop at once.');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
