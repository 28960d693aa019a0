import { useEffect, useState } from 'preact/hooks';
import { ModelPicker } from '../../parts/model-picker.js';
import { Pixels } from '../../parts/pixels.js';
import { Probabilities } from '../../parts/probabilities.js';
import { aDigit } from '../../parts/say-digit.js';
import { hasModel, source } from '../../state/store.js';
import { tellError, worker } from '../../state/worker.js';
import { prepared } from '../draw/drawing.js';
import { Layers } from '../draw/layers.js';
import { Evidence } from './evidence.js';
import { bringImages, examination, examine, followed } from './examination.js';
import { type Journey, journeyOf } from './journey.js';
import { Lookers } from './lookers.js';

/** One image on its way from the pixels to the answer. */
export function OneImage() {
  const image = followed.value;
  const [journey, setJourney] = useState<Journey | null>(null);
  useEffect(() => {
    if (image === null && hasModel.value) void another();
  }, [image, hasModel.value]);
  useEffect(() => {
    let isWanted = true;
    if (image === null) return;
    const from = source.value;
    Promise.all([
      worker.request('trace', { source: from, pixels: image.pixels }),
      worker.request('model', from),
    ]).then(([trace, model]) => {
      if (isWanted) setJourney(trace && model ? journeyOf(trace, model) : null);
    }, tellError);
    return () => {
      isWanted = false;
    };
  }, [image, source.value]);
  return (
    <>
      <section class="lead">
        <h1>
          From ink to <em>answer</em>
        </h1>
        <p class="large">
          A network is a few sums in a row. Here is one image on its way through them, with the
          numbers as they are.
        </p>
        <ModelPicker />
        {hasModel.value && (
          <div class="buttons">
            <button type="button" class="button" onClick={() => void another()}>
              Another image
            </button>
            {prepared.value && (
              <button type="button" class="button" onClick={takeDrawing}>
                Your drawing
              </button>
            )}
          </div>
        )}
      </section>
      {journey && image && (
        <ol class="journey">
          <li>
            <h2>The pixels</h2>
            <p>28 × 28 numbers: 784 inputs, each 1 where there is ink, else 0 (or its grey).</p>
            <Pixels
              values={journey.trace.activations[0]!}
              scale={1}
              label="The input"
              class="seen"
            />
          </li>
          <li>
            <h2>
              What the first {journey.trace.shapes[1]!.length === 3 ? 'filters' : 'neurons'} find
            </h2>
            <Lookers journey={journey} />
          </li>
          {journey.trace.activations.length > 3 && (
            <li>
              <h2>Further layers</h2>
              <div class="through">
                <Layers trace={journey.trace} />
              </div>
            </li>
          )}
          <li>
            <h2>The evidence for {aDigit(journey.answer)}</h2>
            <Evidence journey={journey} />
          </li>
          <li>
            <h2>The answer</h2>
            <p>
              Softmax turns the ten sums into probabilities. It says {journey.answer}
              {image.label >= 0 ? ` and it is ${aDigit(image.label)}.` : '.'}
            </p>
            <Probabilities values={journey.trace.probabilities} />
          </li>
        </ol>
      )}
    </>
  );
}

async function another(): Promise<void> {
  if (examination.value === null) await examine();
  const found = examination.value;
  if (found === null) return;
  try {
    const row = Math.floor(Math.random() * found.labels.length);
    followed.value = (await bringImages(found, [row]))[0]!;
  } catch (error) {
    tellError(error);
  }
}

function takeDrawing(): void {
  if (prepared.value) followed.value = { pixels: prepared.value, label: -1, predicted: -1 };
}
