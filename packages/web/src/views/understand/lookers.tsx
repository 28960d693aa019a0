import { decimal } from '../../parts/format.js';
import { mapOf, saidBy } from '../../parts/maps.js';
import { largest, Pixels } from '../../parts/pixels.js';
import { stageLayers } from '../../worker/stage-layers.js';
import { type Journey, layerOf, strongestUnits } from './journey.js';

const MOST_UNITS = 8;

/** The first layer's most active units: what each looks for, where the image has ink. */
export function Lookers({ journey }: { readonly journey: Journey }) {
  const { trace, model } = journey;
  if (trace.shapes[1]!.length === 3) return <Filters journey={journey} />;
  const { weight, outWidth } = layerOf(model, 0);
  const input = trace.activations[0]!;
  // Where a pool comes first, its neurons see fewer pixels than there are.
  const isWhole = weight.length === input.length * outWidth;
  const seen = (at: number) => (isWhole ? input[at]! : 1);
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
          const products = Float32Array.from(
            { length: weight.length / outWidth },
            (_, at) => seen(at) * weight[at * outWidth + unit]!,
          );
          return (
            <li key={unit}>
              <Pixels
                values={products}
                height={Math.sqrt(products.length)}
                width={Math.sqrt(products.length)}
                scale={largest(products)}
                colours="signed"
                label=""
              />
              <span>neuron {unit}</span>
              <b class="number">{decimal(values[unit]!, 2)}</b>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** The first layer's filters that find most: what each says at every place. */
function Filters({ journey }: { readonly journey: Journey }) {
  const { trace, model } = journey;
  const said = saidBy(trace, 1);
  const [height, width] = stageLayers(model.recipe)[0]!.weight.shape;
  return (
    <>
      <p>
        Each filter is {height} × {width} weights that go over the whole image. Below are the{' '}
        {Math.min(MOST_UNITS, said.length)} that find most: coloured at each place where they find
        what they look for.
      </p>
      <ul class="lookers">
        {strongestUnits(said, MOST_UNITS).map((unit) => {
          const map = mapOf(trace, 1, unit)!;
          return (
            <li key={unit}>
              <Pixels {...map} scale={largest(map.values)} colours="signed" label="" />
              <span>filter {unit}</span>
              <b class="number">{decimal(said[unit]!, 2)}</b>
            </li>
          );
        })}
      </ul>
    </>
  );
}
