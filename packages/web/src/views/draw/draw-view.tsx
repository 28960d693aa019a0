import { useEffect } from 'preact/hooks';
import { focusPad } from '../../parts/focus.js';
import { Pixels } from '../../parts/pixels.js';
import { Probabilities } from '../../parts/probabilities.js';
import { sayReading } from '../../parts/say-digit.js';
import { SaidAloud } from '../../parts/settled.js';
import { isSentDrawing } from '../../state/take-shared.js';
import { Correction } from './correction.js';
import { answer, clearPad, isOnPad, padPicture, prepared, strokes } from './drawing.js';
import { Layers } from './layers.js';
import { OwnDigits } from './own-digits.js';
import { Pad } from './pad.js';
import { PadAnswer } from './pad-answer.js';
import { isReady, loadShipped, shipped } from './reader.js';
import { ReaderPicker } from './reader-picker.js';
import { SendDrawing } from './send-drawing.js';

/** One draws, and the network reads. */
export function DrawView() {
  const pixels = prepared.value;
  useEffect(() => void loadShipped(), []);
  return (
    <>
      <section class="drawing">
        <div class="lead">
          <h1>
            Draw a <em>digit</em>
          </h1>
          <p class="large">
            {isSentDrawing.value && pixels !== null
              ? 'Somebody drew this and sent it to you: can your network read it? Choose one below, or train your own.'
              : 'The network reads along while you draw. It gets your digit as MNIST’s were made: scaled into a box, its centre of mass in the middle; and turned a little to the left, for what leans right is read worst.'}
          </p>
          <ReaderPicker />
        </div>
        <div class="pad-box">
          <Pad
            strokes={strokes.value}
            onChange={(next) => {
              strokes.value = next;
            }}
            picture={padPicture.value}
            answer={<PadAnswer />}
          />
          <div class="buttons">
            <button
              type="button"
              class="button small"
              disabled={strokes.value.length === 0}
              onClick={() => {
                if (strokes.value.length === 1) focusPad();
                strokes.value = strokes.value.slice(0, -1);
              }}
            >
              Undo
            </button>
            <button
              type="button"
              class="button small"
              disabled={!isOnPad.value}
              onClick={() => {
                focusPad();
                clearPad();
              }}
            >
              Clear
            </button>
          </div>
        </div>
        <div class="reading">
          <h2>{sayAnswer()}</h2>
          <SaidAloud text={answer.value ? sayAnswer() : ''} />
          <Probabilities values={answer.value?.probabilities ?? null} />
        </div>
      </section>
      {pixels !== null && (
        <section class="through">
          <figure>
            <figcaption>What the network sees</figcaption>
            <Pixels
              values={answer.value?.activations[0] ?? pixels}
              scale={answer.value ? 1 : 255}
              label="Your digit in 28 by 28 pixels"
              class="seen"
            />
          </figure>
          {answer.value && <Layers trace={answer.value} />}
        </section>
      )}
      {pixels !== null && <Correction pixels={pixels} />}
      {strokes.value.length > 0 && <SendDrawing />}
      <OwnDigits />
    </>
  );
}

function sayAnswer(): string {
  if (!isReady.value)
    return shipped.value === 'failed' ? 'No network is here' : 'Loading a network';
  const probabilities = answer.value?.probabilities;
  if (!probabilities) return 'Draw, and it reads';
  return sayReading(probabilities);
}
