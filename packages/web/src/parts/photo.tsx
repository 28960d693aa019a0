import { useLayoutEffect, useRef } from 'preact/hooks';

interface PhotoProps {
  /** `[height, width, channels]` bytes, of one channel or three. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly label: string;
}

/** An image in its own colours. */
export function Photo({ pixels, height, width, channels, label }: PhotoProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(width, height);
    for (let at = 0; at < height * width; at += 1) {
      const [red = 0, green = red, blue = red] = pixels.subarray(
        at * channels,
        (at + 1) * channels,
      );
      image.data.set([red, green, blue, 255], 4 * at);
    }
    context.putImageData(image, 0, 0);
  }, [pixels, height, width, channels]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      class="photo"
      role="img"
      aria-label={label}
    />
  );
}
