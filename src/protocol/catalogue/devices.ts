/** Compute devices, by ONNX Runtime's names. All are probed; only those with a use are offered. */

export type DeviceUse = 'train' | 'embed';

/** Display names of Node's platforms. */
export const platformLabels = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' } as const;

export type Platform = keyof typeof platformLabels;

export interface DeviceEntry {
  readonly label: string;
  readonly sentence: string;
  readonly uses: readonly DeviceUse[];
  /** Supported platforms, by Node's names; empty: all. */
  readonly platforms: readonly Platform[];
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
    uses: ['train', 'embed'],
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

/** Chooses the fastest device that gives correct results. */
export const automatic = {
  name: 'auto',
  label: 'Automatic',
  sentence: 'The fastest one that gives right answers on this machine.',
} as const;

export type DeviceName = typeof automatic.name | Device;

/** Devices with this use. */
export type DeviceFor<Use extends DeviceUse> = {
  [Name in Device]: Use extends (typeof devices)[Name]['uses'][number] ? Name : never;
}[Device];
