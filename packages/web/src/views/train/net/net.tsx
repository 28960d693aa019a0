import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { mapOf, saidBy } from '../../../parts/maps.js';
import { Pixels } from '../../../parts/pixels.js';
import { paint } from '../../../parts/theme.js';
import { pauseTraining } from '../../../state/actions.js';
import { asleep, shownPicture, stagePixels, stageTrace } from '../../../state/stage.js';
import { status } from '../../../state/store.js';
import { chosenUnit } from '../../../state/touch.js';
import type { NetworkPicture, PictureLayer, Trace, UnitPlace } from '../../../worker/protocol.js';
import { lit } from './lit.js';
import { NetPad } from './net-pad.js';
import { Outputs } from './outputs.js';
import { forgetMeasures, paintLines } from './paint-lines.js';
import { sayUnit } from './say-unit.js';
import { Units } from './units.js';

/** How wide a layer of square tiles is for its height: beside others there is less room. */
const WIDTH_ALONE = 0.52;
const WIDTH_OF_SEVERAL = 0.3;
const WIDTH_OF_MANY = 0.15;

/** The network in training: the image that it reads, what its neurons look for, and what it answers. */
export function Net() {
  const picture = shownPicture.value;
  const trace = stageTrace.value;
  const known = picture && { picture, trace, asleep: asleep.value };
  return (
    <NetDrawing
      picture={picture}
      trace={trace}
      asleep={asleep.value}
      words={known ? sayUnit(lit.value, known) : ''}
      chosen={chosenUnit.value}
      onChoose={chooseUnit}
    />
  );
}

/** Chooses a unit to touch, or no more; what is touched holds still. */
function chooseUnit(place: UnitPlace): void {
  const { value } = chosenUnit;
  const isSame = value?.layer === place.layer && value.unit === place.unit;
  chosenUnit.value = isSame ? null : place;
  if (status.value === 'running') pauseTraining();
}

interface NetDrawingProps {
  readonly picture: NetworkPicture | null;
  readonly trace: Trace | null;
  readonly asleep: readonly Uint8Array[];
  /** What there is to say about the unit that is lit. */
  readonly words: string;
  readonly chosen: UnitPlace | null;
  readonly onChoose: (place: UnitPlace) => void;
}

/** A network drawn from its picture, with a pad beside it for the image that it reads. */
export function NetDrawing(props: NetDrawingProps) {
  const lines = useRef<HTMLCanvasElement>(null);
  const { picture, trace, words } = props;
  const place = lit.value;
  const painted = paint.value;
  const repaint = () => {
    if (lines.current && picture) paintLines({ canvas: lines.current, picture, trace, lit: place });
  };
  const latest = useRef(repaint);
  latest.current = repaint;
  // Only lit lines, from the pixels, depend on the image.
  useLayoutEffect(repaint, [picture, place && trace, place, painted]);
  useEffect(() => {
    const net = lines.current!.parentElement!;
    const observer = new ResizeObserver(() => {
      forgetMeasures(net);
      latest.current();
    });
    observer.observe(net);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="net-box">
      <div class="net" style={{ '--layers': picture?.links.length ?? 1 }}>
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
        {picture ? <Hidden {...props} picture={picture} /> : <div class="tiles-room" />}
        <Outputs layer={picture ? Math.max(1, picture.links.length) : 1} trace={trace} />
        <canvas ref={lines} class="net-lines" />
      </div>
      <p class="net-words hint">{words}</p>
    </div>
  );
}

/** The layers before the outputs; where there are none, the outputs’ own weights. */
function Hidden(props: NetDrawingProps & { readonly picture: NetworkPicture }) {
  const { picture, trace } = props;
  const { layers, links } = picture;
  const hidden = links.length === 0 ? layers : layers.slice(0, -1);
  return (
    <>
      {hidden.map((one, layer) => (
        <Units
          key={layer}
          layer={layer}
          count={one.shown}
          label={sayLayer(one, layer, picture)}
          name={one.isConv ? 'Filter' : 'Neuron'}
          images={layer === 0 ? picture : null}
          mapOf={
            one.isConv
              ? (unit) => (isOfTrace(trace, layer, one) ? mapOf(trace, layer + 1, unit) : null)
              : null
          }
          values={isOfTrace(trace, layer, one) ? saidBy(trace, layer + 1) : null}
          asleep={links.length === 0 ? undefined : props.asleep[layer]}
          chosen={props.chosen?.layer === layer ? props.chosen.unit : null}
          onChoose={(unit) => props.onChoose({ layer, unit })}
          columns={links.length === 0 ? 1 : columnsFor(one.shown, hidden.length)}
        />
      ))}
    </>
  );
}

/** Of `count` square tiles in a layer of a fixed height: as many columns as fill its width. */
function columnsFor(count: number, layers: number): number {
  const share = layers > 2 ? WIDTH_OF_MANY : layers > 1 ? WIDTH_OF_SEVERAL : WIDTH_ALONE;
  return Math.max(1, Math.floor(Math.sqrt(share * count)));
}

/** Whether a trace is of the network that is drawn: it comes a moment later. */
function isOfTrace(trace: Trace | null, layer: number, { units }: PictureLayer): trace is Trace {
  return trace?.shapes[layer + 1]?.at(-1) === units;
}

function sayLayer(
  { units, shown, isConv }: PictureLayer,
  layer: number,
  { links, height, width }: NetworkPicture,
): string {
  const which = shown < units ? `the first ${shown} of ${units}` : `${units}`;
  const size = `images of ${height} by ${width} pixels`;
  if (links.length === 0) return `The weights of ${which} outputs as ${size}`;
  if (isConv)
    return layer === 0
      ? `The weights of ${which} filters as ${size}, and what each finds`
      : `Layer ${layer + 1}: what each of ${which} filters finds`;
  return layer === 0
    ? `The weights of ${which} hidden neurons as ${size}`
    : `Hidden layer ${layer + 1}: ${which} neurons`;
}
