import { decimal } from '../../../parts/format.js';
import { saidBy } from '../../../parts/maps.js';
import type { NetworkPicture, Trace, UnitPlace } from '../../../worker/protocol.js';

const INVITATION =
  'Point at a neuron, or walk there with the arrow keys: its lines light up, coloured for, dark or light against. Press it to touch it.';

interface Known {
  readonly picture: NetworkPicture;
  readonly trace: Trace | null;
  readonly asleep: readonly Uint8Array[];
}

/** What there is to say about the unit that is lit, or how to light one. */
export function sayUnit(place: UnitPlace | null, known: Known): string {
  const { picture, asleep } = known;
  if (place === null) return INVITATION;
  const { layer, unit } = place;
  const isOutput = layer >= picture.links.length;
  if (isOutput) return sayOutput(unit, picture);
  const { isConv } = picture.layers[layer]!;
  const name = `${isConv ? 'Filter' : 'Neuron'} ${unit}${layer > 0 ? ` of layer ${layer + 1}` : ''}`;
  if (asleep[layer]?.[unit] === 1)
    return `${name} is asleep: its sum is below 0 ${isConv ? 'at every place of every image' : 'for every image that it was asked'}, ReLU makes 0 of that, and where ReLU is flat no gradient comes through. It cannot wake by itself.`;
  const said = saySaid(known, layer, unit);
  const links = picture.links[layer]!;
  const width = picture.layers[layer + 1]!.shown;
  const out = Array.from(links.subarray(unit * width, (unit + 1) * width));
  const isBeforeOutputs = layer === picture.links.length - 1;
  const [most, least] = [indexOfMost(out, 1), indexOfMost(out, -1)];
  const of = (at: number) =>
    `${isBeforeOutputs ? '' : `${unitWord(picture, layer + 1)} `}${at} (${out[at]! > 0 ? '+' : ''}${decimal(out[at]!, 2)})`;
  return `${name} speaks most for ${of(most)} and against ${of(least)}.${said}`;
}

/** What a unit says to the image that is shown: a filter, where it finds most. */
function saySaid({ picture, trace }: Known, layer: number, unit: number): string {
  const { isConv, units } = picture.layers[layer]!;
  if (trace?.shapes[layer + 1]?.at(-1) !== units) return '';
  const value = decimal(saidBy(trace, layer + 1)[unit]!, 2);
  return isConv
    ? ` Where it finds most in this image, it says ${value}.`
    : ` To this image it says ${value}.`;
}

function unitWord({ layers }: NetworkPicture, layer: number): string {
  return layers[layer]!.isConv ? 'filter' : 'neuron';
}

function sayOutput(digit: number, picture: NetworkPicture): string {
  const { links, layers } = picture;
  const last = links.at(-1);
  if (last === undefined)
    return `The tile is all that output ${digit} has: it weighs the pixels itself.`;
  const width = layers.at(-1)!.shown;
  const into = Array.from(
    { length: layers.at(-2)!.shown },
    (_, unit) => last[unit * width + digit]!,
  );
  const [most, least] = [indexOfMost(into, 1), indexOfMost(into, -1)];
  const word = unitWord(picture, layers.length - 2);
  return `For ${digit} speaks most ${word} ${most} (+${decimal(into[most]!, 2)}), against it ${word} ${least} (${decimal(into[least]!, 2)}).`;
}

function indexOfMost(values: readonly number[], sign: number): number {
  return values.reduce((best, value, at) => (sign * value > sign * values[best]! ? at : best), 0);
}
