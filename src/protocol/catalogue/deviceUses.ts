/** Which devices there are for what: what is offered is what works. */
import { automatic, deviceNames, devices } from './devices.js';
import type { Device, DeviceEntry, DeviceFor, DeviceName, DeviceUse } from './devices.js';

/** Entries without their literal types, for code that knows no device by name. */
export const deviceEntries: Readonly<Record<Device, DeviceEntry>> = devices;

export function devicesWith<Use extends DeviceUse>(use: Use): DeviceFor<Use>[] {
  return deviceNames.filter((name): name is DeviceFor<Use> =>
    deviceEntries[name].uses.includes(use),
  );
}

/** What can be asked for where a device is to do this. */
export function devicesFor<Use extends DeviceUse>(
  use: Use,
): (typeof automatic.name | DeviceFor<Use>)[] {
  return [automatic.name, ...devicesWith(use)];
}

/** For a person who chooses. */
export function deviceSentence(name: DeviceName): string {
  return name === automatic.name ? automatic.sentence : deviceEntries[name].sentence;
}
