import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fitDigit } from '@bitgrad/formats/prepare';
import { expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { enlarge, SMALL_SIZE } from './enlarge.js';
import { openShipped } from './shipped-model.js';

/** Prints the digits, which are not part of this repository, nor of anything that is trained. */
const SCRIPT = fileURLToPath(new URL('scikit_digits.py', import.meta.url));
const RECORD = 1 + SMALL_SIZE * SMALL_SIZE;

test.skipIf(missing('sklearn'))(
  'the shipped model reads scikit-learn’s digits, enlarged',
  async () => {
    const read = await openShipped();
    const digits = execFileSync('python3', [SCRIPT]);
    const count = digits.length / RECORD;
    let right = 0;
    for (let index = 0; index < count; index += 1) {
      const [label, ...cells] = digits.subarray(index * RECORD, (index + 1) * RECORD);
      if (read(fitDigit(enlarge(Uint8Array.from(cells)))!) === label) right += 1;
    }
    expect(count).toBe(1797);
    expect(right / count, `${right} of ${count}`).toBeGreaterThanOrEqual(0.93);
  },
);
