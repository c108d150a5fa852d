/** Lists devices by use: only those that support a use are offered for it. */
import { automatic, deviceNames, devices } from './devices.js';
import type { Device, DeviceEntry, DeviceFor, DeviceName, DeviceUse } from './devices.js';

/** Entries without their literal types, for code that names no device. */
export const deviceEntries: Readonly<Record<Device, DeviceEntry>> = devices;

/** With any of several. */
export function devicesWith<Use extends DeviceUse>(...uses: readonly Use[]): DeviceFor<Use>[] {
  return deviceNames.filter((name): name is DeviceFor<Use> =>
    uses.some((use) => deviceEntries[name].uses.includes(use)),
  );
}

/** Device names that can be chosen for a use, or for any of several. */
export function devicesFor<Use extends DeviceUse>(
  ...uses: readonly Use[]
): (typeof automatic.name | DeviceFor<Use>)[] {
  return [automatic.name, ...devicesWith(...uses)];
}

/** Describes a device to the user who chooses one. */
export function deviceSentence(name: DeviceName): string {
  return name === automatic.name ? automatic.sentence : deviceEntries[name].sentence;
}
