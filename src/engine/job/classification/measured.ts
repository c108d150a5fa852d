import { protocolNames } from '../../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../../protocol/catalogue/protocols.js';
import type { Classification, Measured } from '../classify.js';

/** On whole texts first. */
export function measuredIn({ whole, without }: Classification): readonly Measured[] {
  return without === null ? [whole] : [whole, without];
}

export function protocolOf(name: string): ProtocolName {
  const known = protocolNames.find((each) => each === name);
  if (known === undefined) throw new RangeError(`there is no protocol ${name}`);
  return known;
}
