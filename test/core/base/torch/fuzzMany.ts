/** Reads many mutated files, by hand: `npm run run-ts -- test/core/base/torch/fuzzMany.ts 100000 [seed]`. */
import { fuzz } from './fuzz.js';

const [files = '100000', seed = '1'] = process.argv.slice(2);
console.log(await fuzz(Number(files), Number(seed)));
