import { useEffect, useState } from 'preact/hooks';
import { decimal, percent } from '../../../parts/format.js';
import { Pixels } from '../../../parts/pixels.js';
import { aDigit } from '../../../parts/say-digit.js';
import { shownPicture } from '../../../state/stage.js';
import { run, trained } from '../../../state/store.js';
import {
  chosenUnit,
  isOff,
  isTouched,
  putBack,
  switchUnit,
  touch,
  touchResult,
} from '../../../state/touch.js';
import { tellError, worker } from '../../../state/worker.js';
import type { Exciting, NetworkPicture, UnitPlace } from '../../../worker/protocol.js';
import { SignedBars } from '../../understand/signed-bars.js';
import { KernelDrag } from './kernel-drag.js';
import { PaintTile } from './paint-tile.js';

/** One neuron to touch: what excites it, what it says to the outputs, and what comes of changing it. */
export function NeuronPanel() {
  const place = chosenUnit.value;
  const picture = shownPicture.value;
  if (place === null || picture === null || place.layer >= picture.links.length) return null;
  const { layer, unit } = place;
  const { isConv, shown } = picture.layers[layer]!;
  if (unit >= shown) return null;
  const word = isConv ? 'Filter' : 'Neuron';
  return (
    <section class="neuron" aria-labelledby="neuron-title">
      <header>
        <h2 id="neuron-title">
          {word} {unit}
          {layer > 0 && ` of layer ${layer + 1}`}
        </h2>
        <button
          type="button"
          class="button small"
          onClick={() => {
            chosenUnit.value = null;
            document.querySelectorAll<HTMLElement>('.unit')[unit]?.focus();
          }}
        >
          Close
        </button>
      </header>
      <div class="neuron-parts">
        {layer === 0 && isConv && <KernelDrag key={unit} unit={unit} picture={picture} />}
        {layer === 0 && <PaintTile unit={unit} images={picture} />}
        <div>
          <h3>{sayNext(picture, layer)}</h3>
          <SignedBars
            values={outgoing(picture, place)}
            label={`Weights of ${word.toLowerCase()} ${unit} onwards`}
          />
        </div>
        <div class="neuron-off">
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              aria-checked={!isOff(place)}
              checked={!isOff(place)}
              onChange={(event) => switchUnit(place, event.currentTarget.checked)}
            />
            <span>It speaks</span>
          </label>
          <Effect />
          <ExcitingImages place={place} />
        </div>
      </div>
    </section>
  );
}

/** What the changes did to the accuracy. */
function Effect() {
  const result = touchResult.value;
  if (!isTouched(touch.value))
    return <p class="hint">Switch it off, or paint its weights, and see what that costs.</p>;
  return (
    <>
      <p role="status">
        {result === null ? (
          'Changed. Train the network, and the accuracy is told, too.'
        ) : (
          <>
            {percent(result.before)} → <b class="number">{percent(result.after)}</b>
          </>
        )}
      </p>
      <button type="button" class="button small" onClick={putBack}>
        Put everything back
      </button>
    </>
  );
}

function ExcitingImages({ place }: { readonly place: UnitPlace }) {
  const [found, setFound] = useState<Exciting | null>(null);
  const digest = trained.value?.receipt.weightsSha256;
  const { layer, unit } = place;
  const steps = run.value?.stepsDone;
  useEffect(() => {
    let isWanted = true;
    setFound(null);
    if (run.value === null) return;
    worker.request('exciting', { place: { layer, unit }, data: run.value.data }).then((answer) => {
      if (isWanted) setFound(answer);
    }, tellError);
    return () => {
      isWanted = false;
    };
  }, [layer, unit, digest, steps]);
  if (found === null) return null;
  if (found.labels.length === 0)
    return <p class="hint">None of {found.asked} test images excites it: it is asleep.</p>;
  const pixels = found.images.length / found.labels.length;
  return (
    <figure>
      <figcaption class="hint">What excites it most, of {found.asked} test images</figcaption>
      <ul class="exciting">
        {found.labels.map((label, at) => (
          <li key={at}>
            <Pixels
              values={found.images.subarray(at * pixels, (at + 1) * pixels)}
              scale={255}
              label={`An image of ${aDigit(label)}`}
            />
            <span class="number">{decimal(found.values[at]!, 1)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function sayNext({ links }: NetworkPicture, layer: number): string {
  return layer === links.length - 1 ? 'What it says to each output' : 'What it says onwards';
}

/** A unit's weights to the next layer; of a wide one, to its first ten units. */
function outgoing({ links, layers }: NetworkPicture, { layer, unit }: UnitPlace): Float32Array {
  const width = layers[layer + 1]!.shown;
  return links[layer]!.slice(unit * width, unit * width + Math.min(10, width));
}
