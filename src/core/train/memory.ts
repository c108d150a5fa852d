/** When memory runs out in the middle of a run. */
import { failure, isMemoryError } from '../base/errors.js';
import { executorOf, isFinest, layOutRun } from './trainingRun.js';
import type { TrainingRun } from './trainingRun.js';

/** Runs each micro-batch in more and smaller parts from now on; the sums stay what they were. */
export async function cutFiner(run: TrainingRun, split: number): Promise<void> {
  await run.executor.release();
  run.split = split;
  const layout = layOutRun(run.options, run.sampler, run.isTrained, split);
  run.executor = executorOf(run.options, { ...run, layout });
}

/** Does `work`; where memory runs out, halves the micro-batches, clears what was begun, and does it again. */
export async function withinMemory<T>(run: TrainingRun, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isMemoryError(error)) throw error;
      if (isFinest(run.sampler, run.split)) {
        throw failure(
          'Memory ran out although micro-batches are as small as they can be: close other programs, lower maxLength, set lora or frozenLayers, or choose a smaller model.',
          { cause: error },
        );
      }
      for (const { gradients } of run.state.regions) gradients.fill(0);
      await cutFiner(run, 2 * run.split);
      run.options.onNote?.(
        `Memory ran out, so each micro-batch is cut into ${run.split} parts and the run goes on.`,
      );
    }
  }
}
