/** Sessions on the graphics card. A run that fails there, other than for memory, has lost the device. */
import { DeviceLost, isMemoryError } from '../../base/errors.js';
import { createSession } from '../../graph/session.js';
import type { GraphSession } from '../../graph/session.js';
import { copyingModel } from './copyingModel.js';

/** Open as long as this process. */
let lasting: Promise<GraphSession> | undefined;

/**
 * No op may fall back to the CPU: its inputs and outputs would travel with every run, unnoticed.
 *
 * @param keptOutputs outputs that stay on the device
 */
export async function openOnDevice(
  model: Uint8Array,
  keptOutputs: readonly string[] = [],
): Promise<GraphSession> {
  const options = { device: 'webgpu', threads: 1, forbidFallback: true, keptOutputs } as const;
  // The runtime forgets the device and all compiled kernels with the last session that uses it.
  lasting ??= createSession(copyingModel(1), { device: 'webgpu', threads: 1 });
  await lasting;
  const session = await createSession(model, options);
  return {
    ...session,
    run: (feeds, outputs) => namingLoss(session.run(feeds, outputs)),
    runKeeping: (feeds, outputs) => namingLoss(session.runKeeping(feeds, outputs)),
  };
}

async function namingLoss<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isMemoryError(error) ? error : new DeviceLost({ cause: error });
  }
}
