import type { Device, DeviceName } from '../../protocol/catalogue/devices.js';
import { devicesFor } from '../../protocol/catalogue/deviceUses.js';
import { usageError } from '../base/errors.js';
import type { Backend } from './backend.js';
import { cpu } from './cpu/cpu.js';
import { webgpu } from './webgpu/webgpu.js';

/** Backends by device. */
const backends: Readonly<Partial<Record<Device, Backend>>> = { cpu, webgpu };

/** @param asked `auto`: the CPU, which needs no test */
export function trainingBackend(asked: DeviceName): Backend {
  const backend = asked === 'auto' ? cpu : backends[asked];
  if (backend !== undefined) return backend;
  throw usageError(
    `Training does not run on ${asked}: choose ${devicesFor('train').join(' or ')}.`,
  );
}
