import { bert } from './bert.js';
import { distilbert } from './distilbert.js';
import type { EncoderFamily } from './family.js';
import { roberta } from './roberta.js';

/** Every family. */
export const families: readonly EncoderFamily[] = [roberta, bert, distilbert];
