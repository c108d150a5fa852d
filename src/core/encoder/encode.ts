/** The encoder that a configuration describes. */
import type { Value } from '../graph/graph.js';
import { add, gatherRows } from '../graph/ops.js';
import { encoderLayer, norm } from './layers.js';
import { embeddingNames } from './parameters.js';
import { dropHidden, dropoutSites } from './scope.js';
import type { EncoderScope } from './scope.js';

export interface EncoderInputs {
  /** Any shape, such as [batch * sequence] or [batch, sequence]; so the hidden states come out. */
  readonly inputIds: Value;
  readonly positionIds: Value;
  readonly tokenTypeIds: Value;
  /** Added to attention scores, [batch, 1, 1, sequence]. */
  readonly attentionBias: Value;
}

/** Hidden states of the last layer: the shape of `inputIds`, and hiddenSize. */
export function encode(scope: EncoderScope, inputs: EncoderInputs): Value {
  const { graph, config } = scope;
  const names = embeddingNames(config);
  const look = (table: string, rows: Value): Value =>
    gatherRows(graph, scope.parameter(table), rows);
  const words = look(names.words, inputs.inputIds);
  const types = look(names.types, inputs.tokenTypeIds);
  const positions = look(names.positions, inputs.positionIds);
  const embedded = norm(scope, names.norm, add(graph, add(graph, words, types), positions));
  let hidden = dropHidden(scope, embedded, 0, dropoutSites.embeddings);
  for (let layer = 0; layer < config.hiddenLayers; layer++) {
    hidden = encoderLayer(scope, layer, hidden, inputs.attentionBias);
  }
  return hidden;
}
