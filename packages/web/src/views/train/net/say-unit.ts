import { decimal } from '../../../parts/format.js';
import type { NetworkPicture, Trace, UnitPlace } from '../../../worker/protocol.js';

const INVITATION =
  'Point at a neuron, or walk there with the arrow keys: its lines light up, coloured for, dark or light against. Press it to touch it.';

interface Known {
  readonly picture: NetworkPicture;
  readonly trace: Trace | null;
  readonly asleep: readonly Uint8Array[];
}

/** What there is to say about the unit that is lit, or how to light one. */
export function sayUnit(place: UnitPlace | null, { picture, trace, asleep }: Known): string {
  if (place === null) return INVITATION;
  const { layer, unit } = place;
  const isOutput = layer >= picture.links.length;
  if (isOutput) return sayOutput(unit, picture);
  const name = `Neuron ${unit}${layer > 0 ? ` of layer ${layer + 1}` : ''}`;
  if (asleep[layer]?.[unit] === 1)
    return `${name} is asleep: its sum is below 0 for every image that it was asked, ReLU makes 0 of that, and where ReLU is flat no gradient comes through. It cannot wake by itself.`;
  const value = trace?.activations[layer + 1]?.[unit];
  const said = value === undefined ? '' : ` To this image it says ${decimal(value, 2)}.`;
  const links = picture.links[layer]!;
  const width = picture.layers[layer + 1]!.shown;
  const out = Array.from(links.subarray(unit * width, (unit + 1) * width));
  const isBeforeOutputs = layer === picture.links.length - 1;
  const [most, least] = [indexOfMost(out, 1), indexOfMost(out, -1)];
  const of = (at: number) =>
    `${isBeforeOutputs ? '' : 'neuron '}${at} (${out[at]! > 0 ? '+' : ''}${decimal(out[at]!, 2)})`;
  return `${name} speaks most for ${of(most)} and against ${of(least)}.${said}`;
}

function sayOutput(digit: number, { links, layers }: NetworkPicture): string {
  const last = links.at(-1);
  if (last === undefined)
    return `The tile is all that output ${digit} has: it weighs the pixels itself.`;
  const width = layers.at(-1)!.shown;
  const into = Array.from(
    { length: layers.at(-2)!.shown },
    (_, unit) => last[unit * width + digit]!,
  );
  const [most, least] = [indexOfMost(into, 1), indexOfMost(into, -1)];
  return `For ${digit} speaks most neuron ${most} (+${decimal(into[most]!, 2)}), against it neuron ${least} (${decimal(into[least]!, 2)}).`;
}

function indexOfMost(values: readonly number[], sign: number): number {
  return values.reduce((best, value, at) => (sign * value > sign * values[best]! ? at : best), 0);
}
