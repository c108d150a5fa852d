/** What can compute, as ONNX Runtime calls it. All are probed; only what has a use is offered. */

export type DeviceUse = 'train' | 'embed';

export interface DeviceEntry {
  readonly label: string;
  readonly sentence: string;
  readonly uses: readonly DeviceUse[];
  /** Systems that have it, as Node names them; empty: all. */
  readonly platforms: readonly string[];
}

export const devices = {
  cpu: {
    label: 'CPU',
    sentence: 'The processor.',
    uses: ['train', 'embed'],
    platforms: [],
  },
  webgpu: {
    label: 'WebGPU',
    sentence: 'A graphics card of any maker, through WebGPU.',
    uses: ['embed'],
    platforms: [],
  },
  cuda: {
    label: 'CUDA',
    sentence: 'A graphics card of NVIDIA, through CUDA.',
    uses: [],
    platforms: ['linux', 'win32'],
  },
  dml: {
    label: 'DirectML',
    sentence: 'A graphics card on Windows, through DirectML.',
    uses: [],
    platforms: ['win32'],
  },
  coreml: {
    label: 'Core ML',
    sentence: 'An Apple chip, through Core ML.',
    uses: [],
    platforms: ['darwin'],
  },
} as const satisfies Readonly<Record<string, DeviceEntry>>;

export type Device = keyof typeof devices;
export const deviceNames = Object.keys(devices) as Device[];

/** `auto`: the fastest that gives right answers. */
export type DeviceName = 'auto' | Device;

/** What can be asked for where a device is to do this. */
export function devicesFor(use: DeviceUse): DeviceName[] {
  const entries: Readonly<Record<Device, DeviceEntry>> = devices;
  return ['auto', ...deviceNames.filter((name) => entries[name].uses.includes(use))];
}
