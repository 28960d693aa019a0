import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Pixels } from '../../../parts/pixels.js';
import { paint } from '../../../parts/theme.js';
import { asleep, shownPicture, stagePixels, stageTrace } from '../../../state/stage.js';
import { lit } from './lit.js';
import { NetPad } from './net-pad.js';
import { Outputs } from './outputs.js';
import { paintLines } from './paint-lines.js';
import { sayUnit } from './say-unit.js';
import { Units } from './units.js';

/** So many units stand below one another. */
const ROWS = 8;
const OUTPUTS = 10;

/** The network itself: the image that it reads, what its neurons look for, and what it answers. */
export function Net() {
  const lines = useRef<HTMLCanvasElement>(null);
  const picture = shownPicture.value;
  const trace = stageTrace.value;
  const place = lit.value;
  const painted = paint.value;
  const repaint = () => {
    if (lines.current && picture) paintLines({ canvas: lines.current, picture, trace, lit: place });
  };
  const latest = useRef(repaint);
  latest.current = repaint;
  useLayoutEffect(repaint, [picture, trace, place, painted]);
  useEffect(() => {
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(lines.current!.parentElement!);
    return () => observer.disconnect();
  }, []);
  const known = picture && { picture, trace, asleep: asleep.value };
  return (
    <div class="net-box">
      <div class="net">
        <div class="net-input">
          <NetPad />
          <figure class="net-seen">
            <Pixels
              values={trace?.activations[0] ?? stagePixels.value}
              scale={trace ? 1 : 255}
              label="The image that the network is given, in 28 by 28 pixels"
            />
            <figcaption class="hint">what it sees</figcaption>
          </figure>
        </div>
        {picture ? <Hidden /> : <div class="tiles-room" />}
        <Outputs layer={picture ? Math.max(1, picture.links.length) : 1} trace={trace} />
        <canvas ref={lines} class="net-lines" />
      </div>
      <p class="net-words hint">{known ? sayUnit(place, known) : ''}</p>
    </div>
  );
}

/** The layers before the outputs; where there are none, the outputs’ own weights. */
function Hidden() {
  const picture = shownPicture.value!;
  const trace = stageTrace.value;
  const { layers, images, links } = picture;
  const hidden = links.length === 0 ? layers : layers.slice(0, -1);
  return (
    <>
      {hidden.map(({ units, shown }, layer) => (
        <Units
          key={layer}
          layer={layer}
          count={shown}
          label={sayLayer(units, shown, layer, links.length === 0)}
          images={layer === 0 ? images : null}
          values={trace?.activations[layer + 1]?.subarray(0, shown) ?? null}
          asleep={links.length === 0 ? undefined : asleep.value[layer]}
          columns={shown === OUTPUTS && links.length === 0 ? 1 : Math.ceil(shown / ROWS)}
        />
      ))}
    </>
  );
}

function sayLayer(units: number, shown: number, layer: number, isOnly: boolean): string {
  const which = shown < units ? `the first ${shown} of ${units}` : `${units}`;
  if (isOnly) return `The weights of ${which} outputs as images of 28 by 28 pixels`;
  return layer === 0
    ? `The weights of ${which} hidden neurons as images of 28 by 28 pixels`
    : `Hidden layer ${layer + 1}: ${which} neurons`;
}
