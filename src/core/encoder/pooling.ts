import type { Graph, Value } from '../graph/graph.js';
import { meanOverMask } from '../graph/maskOps.js';

/**
 * Unnormalised mean of the hidden states [batch, sequence, width] over the tokens, special tokens
 * included, padding excluded.
 */
export function meanPooling(graph: Graph, hidden: Value, attentionMask: Value): Value {
  return meanOverMask(graph, hidden, attentionMask);
}
