import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import { maskedWords } from './maskedWords.js';
import type { EvaluationProtocol } from './protocol.js';

/** Every evaluation protocol, by its name in the catalogue. */
export const evaluationProtocols: Readonly<Record<ProtocolName, EvaluationProtocol>> = {
  mlm: maskedWords,
};
