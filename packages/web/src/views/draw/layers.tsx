import { decimal } from '../../parts/format.js';
import { mapOf } from '../../parts/maps.js';
import { largest, Pixels } from '../../parts/pixels.js';
import type { Trace } from '../../worker/protocol.js';

/** What each layer made of the drawing: a cell for each unit, the more active the fuller; of filters, their maps. */
export function Layers({ trace }: { readonly trace: Trace }) {
  const layers = trace.activations.slice(1);
  return (
    <div class="layers">
      {layers.map((values, layer) => {
        const isLast = layer === layers.length - 1;
        const isConv = trace.shapes[layer + 1]!.length === 3;
        const units = trace.shapes[layer + 1]!.at(-1)!;
        const name = isLast ? 'Outputs, before softmax' : `Hidden layer ${layer + 1}`;
        return (
          <figure key={layer} class={isLast ? 'outputs' : ''}>
            <figcaption>
              {name} · {isConv ? filtersInWords(units) : `${units} units`}
            </figcaption>
            {isConv ? (
              <Maps trace={trace} layer={layer + 1} label={name} />
            ) : (
              <Cells values={values} label={name} hasNames={isLast} />
            )}
          </figure>
        );
      })}
    </div>
  );
}

/** More maps than this cannot be told apart, and painting them holds up the pen. */
const MOST_MAPS = 16;

function filtersInWords(filters: number): string {
  return filters > MOST_MAPS
    ? `the first ${MOST_MAPS} of ${filters} filters`
    : `${filters} filters`;
}

interface MapsProps {
  readonly trace: Trace;
  readonly layer: number;
  readonly label: string;
}

/** What each filter of a layer finds, place by place. */
export function Maps({ trace, layer, label }: MapsProps) {
  const filters = trace.shapes[layer]!.at(-1)!;
  return (
    <div
      class="maps"
      role="img"
      aria-label={`${label}: what each finds of ${filtersInWords(filters)}`}
    >
      {Array.from({ length: Math.min(MOST_MAPS, filters) }, (_, unit) => {
        const map = mapOf(trace, layer, unit)!;
        return <Pixels key={unit} {...map} scale={largest(map.values)} colours="signed" label="" />;
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
