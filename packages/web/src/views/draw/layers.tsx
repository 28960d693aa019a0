import { decimal } from '../../parts/format.js';
import { largest } from '../../parts/pixels.js';
import type { Trace } from '../../worker/protocol.js';

/** What each layer made of the drawing: a cell for each unit, the more active the fuller. */
export function Layers({ trace }: { readonly trace: Trace }) {
  const layers = trace.activations.slice(1);
  return (
    <div class="layers">
      {layers.map((values, layer) => {
        const isLast = layer === layers.length - 1;
        const name = isLast ? 'Outputs, before softmax' : `Hidden layer ${layer + 1}`;
        return (
          <figure key={layer} class={isLast ? 'outputs' : ''}>
            <figcaption>
              {name} · {values.length} units
            </figcaption>
            <Cells values={values} label={name} hasNames={isLast} />
          </figure>
        );
      })}
    </div>
  );
}

interface CellsProps {
  readonly values: Float32Array;
  readonly label: string;
  readonly hasNames: boolean;
}

/** More cells than this cannot be told apart. */
const MOST_CELLS = 512;
/** More than this are made small. */
const MOST_LARGE_CELLS = 64;

function Cells({ values, label, hasNames }: CellsProps) {
  const scale = largest(values);
  const active = values.reduce((count, value) => count + Number(value > 0), 0);
  return (
    <div
      class={`cells ${hasNames ? 'named' : values.length > MOST_LARGE_CELLS ? 'many' : ''}`}
      role="img"
      aria-label={`${label}: ${active} of ${values.length} units above 0`}
    >
      {Array.from(values.subarray(0, MOST_CELLS), (value, unit) => (
        <span key={unit} class="cell" title={`${unit}: ${decimal(value, 3)}`}>
          <i
            class={value < 0 ? 'below' : ''}
            style={{ opacity: Math.min(1, Math.abs(value) / scale) }}
          />
          {hasNames && <b class="name">{unit}</b>}
        </span>
      ))}
    </div>
  );
}
