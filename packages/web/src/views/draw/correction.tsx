import { batch } from '@preact/signals';
import { useState } from 'preact/hooks';
import { focusPad } from '../../parts/focus.js';
import { aDigit } from '../../parts/say-digit.js';
import { ownDigits } from '../../state/own.js';
import { clearPad } from './drawing.js';

/** Says what the drawing was meant to be, and keeps it to learn from. */
export function Correction({ pixels }: { readonly pixels: Uint8Array }) {
  const [said, setSaid] = useState('');
  const keep = (label: number) => {
    batch(() => {
      ownDigits.value = [...ownDigits.value, { pixels, label }];
      clearPad();
    });
    setSaid(`Kept as ${aDigit(label)}`);
    focusPad();
  };
  return (
    <section class="correction" aria-labelledby="correction-title">
      <h2 id="correction-title">What was it?</h2>
      <p class="large">Tell, and the digit is kept to train on.</p>
      <div class="digit-buttons">
        {Array.from({ length: 10 }, (_, digit) => (
          <button
            key={digit}
            type="button"
            class="button"
            aria-label={`It was ${aDigit(digit)}`}
            onClick={() => keep(digit)}
          >
            {digit}
          </button>
        ))}
      </div>
      <p class="hidden-visually" role="status">
        {said}
      </p>
    </section>
  );
}
