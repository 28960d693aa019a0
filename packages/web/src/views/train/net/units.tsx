import { useRef, useState } from 'preact/hooks';
import type { UnitMap } from '../../../parts/maps.js';
import { largest, Pixels } from '../../../parts/pixels.js';
import { isOff } from '../../../state/touch.js';
import type { NetworkPicture } from '../../../worker/protocol.js';
import { isLit, lit } from './lit.js';

/** Images of weights `[units, height, width]`. */
export type UnitImages = Pick<NetworkPicture, 'images' | 'height' | 'width'>;

interface UnitsProps {
  readonly layer: number;
  readonly label: string;
  readonly count: number;
  /** What each unit is called. */
  readonly name: string;
  /** What each looks for; null where a unit has no image of its own. */
  readonly images: UnitImages | null;
  /** What a filter says at each place, or null. */
  readonly mapOf: ((unit: number) => UnitMap | null) | null;
  /** What each says to the image that is shown, or null. */
  readonly values: Float32Array | null;
  readonly asleep: Uint8Array | undefined;
  readonly columns: number;
  /** The unit that was chosen, or null. */
  readonly chosen: number | null;
  readonly onChoose: (unit: number) => void;
}

/** A layer's units as buttons: one tab stop, arrow keys inside. */
export function Units(props: UnitsProps) {
  const { layer, label, count, name, images, values, asleep, columns, chosen, onChoose } = props;
  const isConv = props.mapOf !== null;
  const group = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const scale = values ? largest(values) : 1;
  const move = (event: KeyboardEvent) => {
    const across = getComputedStyle(group.current!).gridTemplateColumns.split(' ').length;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -across,
      ArrowDown: across,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = stop + step;
    if (next < 0 || next >= count) return;
    (group.current!.children[next] as HTMLElement).focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen.
    <div
      ref={group}
      class={images || isConv ? 'weights' : 'net-cells'}
      role="group"
      aria-label={label}
      data-layer={layer}
      style={{ '--columns': columns }}
      onKeyDown={move}
    >
      {Array.from({ length: count }, (_, unit) => {
        const sleeps = asleep?.[unit] === 1;
        const strength = values ? Math.min(1, Math.max(0, values[unit]!) / scale) : 0;
        const part = images && imageOf(images, unit);
        const map = props.mapOf?.(unit);
        return (
          <button
            key={unit}
            type="button"
            class={`unit ${sleeps ? 'sleeps' : ''} ${isLit({ layer, unit }) ? 'lit' : ''} ${isOff({ layer, unit }) ? 'off' : ''}`}
            tabIndex={unit === Math.min(stop, count - 1) ? 0 : -1}
            aria-label={`${name} ${unit}${sleeps ? ', asleep' : ''}`}
            style={{ '--said': strength }}
            aria-pressed={chosen === unit}
            onClick={() => onChoose(unit)}
            onPointerEnter={() => {
              lit.value = { layer, unit };
            }}
            onPointerLeave={() => {
              lit.value = null;
            }}
            onFocus={() => {
              setStop(unit);
              lit.value = { layer, unit };
            }}
            onBlur={() => {
              lit.value = null;
            }}
          >
            {map && <Pixels {...map} scale={largest(map.values)} colours="signed" label="" />}
            {part && (
              <Pixels
                {...part}
                scale={largest(part.values)}
                colours="signed"
                label=""
                class={isConv ? 'kernel' : ''}
              />
            )}
            {sleeps && <span class="asleep">asleep</span>}
          </button>
        );
      })}
    </div>
  );
}

/** What one unit looks for. */
export function imageOf({ images, height, width }: UnitImages, unit: number): UnitMap {
  const size = height * width;
  return { values: images.subarray(unit * size, (unit + 1) * size), height, width };
}
