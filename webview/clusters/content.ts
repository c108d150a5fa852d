import type { ClustersHostMessage } from '../../src/protocol/panels.js';

export type PointsMessage = Extract<ClustersHostMessage, { type: 'points' }>;
export type FoundMessage = Extract<ClustersHostMessage, { type: 'found' }>;
/** What takes the place of all that was shown. */
export type ContentMessage = Extract<ClustersHostMessage, { type: 'empty' | 'points' | 'error' }>;
