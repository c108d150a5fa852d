/** Copies between the host and the device, through sessions that copy and nothing else. */
import type { DeviceTensor, GraphSession, HostTensor } from '../../graph/session.js';
import { copyingModel } from './copyingModel.js';
import { openOnDevice } from './sessions.js';

export interface Transfer {
  upload(values: Float32Array, shape: readonly number[]): Promise<DeviceTensor>;
  /** Fills `target` with the first of the tensor's values, which has one axis. */
  download(tensor: DeviceTensor, target: Float32Array): Promise<void>;
  release(): Promise<void>;
}

export function createTransfer(): Transfer {
  /** By direction and number of axes. */
  const sessions = new Map<string, Promise<GraphSession>>();

  function sessionFor(direction: 'up' | 'down', axes: number): Promise<GraphSession> {
    const key = `${direction} ${axes}`;
    let session = sessions.get(key);
    if (session === undefined) {
      session = openOnDevice(copyingModel(axes), direction === 'up' ? ['copy'] : []);
      sessions.set(key, session);
    }
    return session;
  }

  return {
    async upload(values, shape) {
      const session = await sessionFor('up', shape.length);
      const given: HostTensor = { dtype: 'float32', data: values, shape };
      return (await session.runKeeping({ given }, {}))['copy']!;
    },
    async download(tensor, target) {
      const session = await sessionFor('down', 1);
      const length = tensor.shape[0]!;
      const data = length === target.length ? target : new Float32Array(length);
      await session.run({ given: tensor }, { copy: { dtype: 'float32', data, shape: [length] } });
      if (data !== target) target.set(data.subarray(0, target.length));
    },
    async release() {
      for (const session of sessions.values()) await (await session).release();
      sessions.clear();
    },
  };
}
