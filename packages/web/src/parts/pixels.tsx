import { useLayoutEffect, useRef } from 'preact/hooks';
import { paint, themeColour } from './theme.js';

interface PixelsProps {
  /** `[height, width]`; above 0 is painted in one colour, below 0 in the other, 0 not at all. */
  readonly values: ArrayLike<number>;
  /** 28, if left out. */
  readonly height?: number;
  readonly width?: number;
  /** The value that is painted fully. */
  readonly scale: number;
  /** In words, or empty where the image only decorates. */
  readonly label: string;
  /** `signed`: accent above 0, ink below; `ink`: ink above 0. */
  readonly colours?: 'signed' | 'ink';
  readonly class?: string;
}

/** An image of values in the page's colours. */
export function Pixels(props: PixelsProps) {
  const { values, height = 28, width = 28, scale, label, colours = 'ink' } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useRef<ImageData | null>(null);
  const painted = paint.value;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const above = themeColour(colours === 'signed' ? 'accent' : 'ink');
    const below = themeColour('ink');
    if (image.current?.height !== height || image.current.width !== width)
      image.current = context.createImageData(width, height);
    const { data } = image.current;
    for (let i = 0; i < height * width; i += 1) {
      const value = values[i]!;
      const [red, green, blue] = value > 0 ? above : below;
      const strength = Math.min(1, Math.abs(value) / scale);
      const at = 4 * i;
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
      data[at + 3] = Math.round(255 * strength);
    }
    context.putImageData(image.current, 0, 0);
  }, [values, height, width, scale, colours, painted]);
  const words =
    label === '' ? { 'aria-hidden': true } : ({ role: 'img', 'aria-label': label } as const);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      class={`pixels ${props.class ?? ''}`}
      {...words}
    />
  );
}

/** The largest distance from 0 among some values. */
export function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
}
