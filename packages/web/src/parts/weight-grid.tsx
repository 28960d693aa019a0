import { useMemo } from 'preact/hooks';
import type { WeightImages } from '../worker/protocol.js';
import { largest, Pixels } from './pixels.js';

/** The first layer's weights, an image for each hidden unit. */
export function WeightGrid({ images }: { readonly images: WeightImages }) {
  const { values, units } = images;
  const parts = useMemo(() => {
    const features = values.length / units;
    return Array.from({ length: units }, (_, unit) =>
      values.subarray(unit * features, (unit + 1) * features),
    );
  }, [values, units]);
  return (
    <div
      class="weights"
      role="img"
      aria-label={`The weights of the first ${units} hidden units as images of 28 by 28 pixels`}
    >
      {parts.map((part, unit) => (
        <Pixels key={unit} values={part} scale={largest(part)} colours="signed" label="" />
      ))}
    </div>
  );
}
