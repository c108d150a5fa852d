import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import { fineTuned } from './fineTuned.js';
import { frozen } from './frozen.js';
import { maskedWords } from './maskedWords.js';
import type { EvaluationProtocol } from './protocol.js';

/** Every evaluation protocol, by its name in the catalogue. */
export const evaluationProtocols: Readonly<Record<ProtocolName, EvaluationProtocol>> = {
  frozen,
  'fine-tuning': fineTuned,
  mlm: maskedWords,
};
