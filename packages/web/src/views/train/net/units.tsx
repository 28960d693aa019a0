import { useRef, useState } from 'preact/hooks';
import { largest, Pixels } from '../../../parts/pixels.js';
import { isOff } from '../../../state/touch.js';
import { isLit, lit } from './lit.js';

const PIXELS = 784;

interface UnitsProps {
  readonly layer: number;
  readonly label: string;
  readonly count: number;
  /** `[units, 784]`: what each looks for; null where a unit has no image of its own. */
  readonly images: Float32Array | null;
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
  const { layer, label, count, images, values, asleep, columns, chosen, onChoose } = props;
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
      class={images ? 'weights' : 'net-cells'}
      role="group"
      aria-label={label}
      data-layer={layer}
      style={{ '--columns': columns }}
      onKeyDown={move}
    >
      {Array.from({ length: count }, (_, unit) => {
        const sleeps = asleep?.[unit] === 1;
        const strength = values ? Math.min(1, Math.max(0, values[unit]!) / scale) : 0;
        const part = images?.subarray(unit * PIXELS, (unit + 1) * PIXELS);
        return (
          <button
            key={unit}
            type="button"
            class={`unit ${sleeps ? 'sleeps' : ''} ${isLit({ layer, unit }) ? 'lit' : ''} ${isOff({ layer, unit }) ? 'off' : ''}`}
            tabIndex={unit === Math.min(stop, count - 1) ? 0 : -1}
            aria-label={`Neuron ${unit}${sleeps ? ', asleep' : ''}`}
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
            {part && <Pixels values={part} scale={largest(part)} colours="signed" label="" />}
            {sleeps && <span class="asleep">asleep</span>}
          </button>
        );
      })}
    </div>
  );
}
