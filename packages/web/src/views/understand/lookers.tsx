import { decimal } from '../../parts/format.js';
import { largest, Pixels } from '../../parts/pixels.js';
import { type Journey, layerOf, strongestUnits } from './journey.js';

const MOST_UNITS = 8;

/** The first layer's most active units: what each looks for, where the image has ink. */
export function Lookers({ journey }: { readonly journey: Journey }) {
  const { trace, model } = journey;
  const { weight, outWidth } = layerOf(model, 0);
  const input = trace.activations[0]!;
  const values = trace.activations[1]!;
  return (
    <>
      <p>
        Each neuron multiplies every pixel by its own weight and adds up. Below are the{' '}
        {Math.min(MOST_UNITS, values.length)} that answer most strongly: coloured where ink speaks
        for what they look for, dark or light where it speaks against.
      </p>
      <ul class="lookers">
        {strongestUnits(values, MOST_UNITS).map((unit) => {
          const products = input.map((pixel, at) => pixel * weight[at * outWidth + unit]!);
          return (
            <li key={unit}>
              <Pixels values={products} scale={largest(products)} colours="signed" label="" />
              <span>neuron {unit}</span>
              <b class="number">{decimal(values[unit]!, 2)}</b>
            </li>
          );
        })}
      </ul>
    </>
  );
}
