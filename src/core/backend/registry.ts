import type { Device, DeviceName } from '../../protocol/catalogue/devices.js';
import { devicesFor } from '../../protocol/catalogue/deviceUses.js';
import { usageError } from '../base/errors.js';
import type { Backend } from './backend.js';
import { cpu } from './cpu/cpu.js';

/** Every device that trains. */
const backends: Readonly<Partial<Record<Device, Backend>>> = { cpu };

/** @param asked `auto`: the fastest */
export function trainingBackend(asked: DeviceName): Backend {
  const backend = asked === 'auto' ? cpu : backends[asked];
  if (backend !== undefined) return backend;
  throw usageError(
    `Pre-training does not run on ${asked}: choose ${devicesFor('train').join(' or ')}.`,
  );
}
