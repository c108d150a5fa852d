import type { Classification, EvaluationSetup } from '../protocol.js';

/** The target of a protocol whose catalogue entry asks for one. */
export function classificationOf({ classification }: EvaluationSetup): Classification {
  if (classification === null) throw new RangeError('the protocol needs a target');
  return classification;
}
