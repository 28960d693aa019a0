import { OWN_DIGIT_COPIES } from '../../data/own-digits.js';
import { focusPad } from '../../parts/focus.js';
import { Pixels } from '../../parts/pixels.js';
import { capitalDigit } from '../../parts/say-digit.js';
import { startTraining } from '../../state/actions.js';
import { ownDigits } from '../../state/own.js';
import { isBusy, usesOwnDigits } from '../../state/store.js';
import { TrainingLine } from './training-line.js';

/** The digits that the reader drew and kept. */
export function OwnDigits() {
  const digits = ownDigits.value;
  if (digits.length === 0) return null;
  const trainOnThem = () => {
    usesOwnDigits.value = true;
    void startTraining();
  };
  return (
    <section class="own" aria-labelledby="own-title">
      <h2 id="own-title">Your digits</h2>
      <p class="large">
        They stay on this device. Each counts {OWN_DIGIT_COPIES} times in a training, or it would
        drown among sixty thousand.
      </p>
      <ul class="gallery">
        {digits.map(({ pixels, label }, index) => (
          <li key={index}>
            <button
              type="button"
              aria-label={`${capitalDigit(label)}. Remove it`}
              title="Remove"
              onClick={() => {
                if (index === digits.length - 1) focusPad({ preventScroll: true });
                ownDigits.value = digits.filter((_, at) => at !== index);
              }}
            >
              <Pixels values={pixels} scale={255} label="" />
              <span>{label}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" aria-disabled={isBusy.value} onClick={trainOnThem}>
          Train on them too
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            focusPad({ preventScroll: true });
            ownDigits.value = [];
            usesOwnDigits.value = false;
          }}
        >
          Remove all
        </button>
      </div>
      <TrainingLine />
    </section>
  );
}
