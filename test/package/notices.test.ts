import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { notices } from '../../scripts/notices.mjs';

it('THIRD_PARTY_NOTICES names what is shipped (npm run notices)', async () => {
  const file = new URL('../../THIRD_PARTY_NOTICES', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(await notices());
});
