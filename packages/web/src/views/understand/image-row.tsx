import { useEffect, useState } from 'preact/hooks';
import { Pixels } from '../../parts/pixels.js';
import { capitalDigit } from '../../parts/say-digit.js';
import { tellError } from '../../state/worker.js';
import type { Examination } from '../../worker/protocol.js';
import { bringImages, followed, type TestImage } from './examination.js';

interface ImageRowProps {
  readonly found: Examination;
  readonly rows: readonly number[];
  readonly hasCaptions?: boolean;
}

/** Images of the test set; each leads to its way through the network. */
export function ImageRow({ found, rows, hasCaptions = false }: ImageRowProps) {
  const [images, setImages] = useState<readonly TestImage[]>([]);
  const key = rows.join();
  useEffect(() => {
    let isWanted = true;
    bringImages(found, rows).then((brought) => {
      if (isWanted) setImages(brought);
    }, tellError);
    return () => {
      isWanted = false;
    };
  }, [found, key]);
  if (rows.length === 0) return <p class="hint">There are none.</p>;
  return (
    <ul class="gallery">
      {images.map((image, at) => (
        <li key={at}>
          <button
            type="button"
            aria-label={`${capitalDigit(image.label)} read as ${image.predicted}. Follow it through the network`}
            onClick={() => {
              followed.value = image;
              location.hash = '#/understand/image';
            }}
          >
            <Pixels values={image.pixels} scale={255} label="" />
            {hasCaptions && (
              <span class="caption">
                <b>{image.label}</b> read as {image.predicted}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
