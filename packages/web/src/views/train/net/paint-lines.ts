import { mapOf } from '../../../parts/maps.js';
import { themeColour } from '../../../parts/theme.js';
import type { NetworkPicture, Trace, UnitPlace, ViewWindow } from '../../../worker/protocol.js';
import { type Anchor, anchorsOf, type Box, isAcross, type Place } from './anchors.js';

/** Of a lit unit of the first layer, so many lines from pixels are shown, the strongest. */
const MOST_PIXELS = 40;
const IMAGE_SIDE = 28;
const THICKEST = 2.6;

interface Scene {
  readonly canvas: HTMLCanvasElement;
  readonly picture: NetworkPicture;
  readonly trace: Trace | null;
  readonly lit: UnitPlace | null;
}

/** Paints the lines between the units: as thick as their weights, coloured above 0, ink below. */
export function paintLines({ canvas, picture, trace, lit }: Scene): void {
  const { layers, seen, ...size } = measured(canvas.parentElement!, picture);
  const density = Math.min(2, devicePixelRatio);
  const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  const painter = new LinePainter(context);
  const links = picture.links.length > 0 ? picture.links : [identity(picture.layers[0]!.shown)];
  for (const [at, weights] of links.entries()) {
    const [from, to] = [layers[at], layers[at + 1]];
    if (from && to) paintLink({ painter, weights, from, to, lit, layer: at });
  }
  if (lit?.layer === 0) {
    const tile = layers[0]?.anchors[lit.unit];
    if (tile && seen) {
      const lines = { painter, picture, trace, tile, seen, unit: lit.unit };
      if (picture.window === null) paintPixels(lines);
      else paintField(lines, picture.window);
    }
  }
}

interface DrawnLayer {
  readonly anchors: readonly Anchor[];
  readonly across: boolean;
}

/** Where everything in the picture of a network stands. */
interface Measures {
  /** Of the network that was measured: another one stands otherwise. */
  readonly shape: string;
  readonly width: number;
  readonly height: number;
  readonly layers: readonly DrawnLayer[];
  /** The image that the network is given. */
  readonly seen: Box | undefined;
}

/** Measuring is slow, and a network in training is painted many times a second. */
const lastMeasures = new WeakMap<HTMLElement, Measures>();

/** Has everything measured again: the page has another size. */
export function forgetMeasures(net: HTMLElement): void {
  lastMeasures.delete(net);
}

function measured(net: HTMLElement, picture: NetworkPicture): Measures {
  const shape = picture.layers.map(({ shown, isConv }) => `${shown}${isConv}`).join();
  const last = lastMeasures.get(net);
  if (last?.shape === shape) return last;
  const origin = net.getBoundingClientRect();
  const elements = [...net.querySelectorAll<HTMLElement>('[data-layer]')];
  const boxOf = (element: Element): Box => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left - origin.left, top - origin.top];
    return { left: x, top: y, right: x + width, bottom: y + height, width, height };
  };
  const boxes = elements.map(boxOf);
  const image = net.querySelector('.net-seen canvas');
  const layers = elements.map((element, at) => {
    const [before, after] = at === 0 ? [boxes[0]!, boxes[1]] : [boxes[at - 1]!, boxes[at]];
    const across = after !== undefined && isAcross(before, after);
    const units = [...element.children].map(boxOf);
    return { across, anchors: anchorsOf(units, boxes[at]!, across) };
  });
  const { width, height } = origin;
  const measures = { shape, width, height, layers, seen: image ? boxOf(image) : undefined };
  lastMeasures.set(net, measures);
  return measures;
}

interface Link {
  readonly painter: LinePainter;
  /** `[from, to]`. */
  readonly weights: Float32Array;
  readonly from: DrawnLayer;
  readonly to: DrawnLayer;
  readonly lit: UnitPlace | null;
  /** The number of the layer that the lines come from. */
  readonly layer: number;
}

function paintLink({ painter, weights, from, to, lit, layer }: Link): void {
  const scale = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const width = to.anchors.length;
  const isChosen = (source: number, target: number) =>
    (lit?.layer === layer && lit.unit === source) ||
    (lit?.layer === layer + 1 && lit.unit === target);
  const lines = Array.from(weights, (weight, at) => ({
    weight: weight / scale,
    source: Math.floor(at / width),
    target: at % width,
  }));
  // Weak lines first, and the chosen ones over all others.
  lines.sort((a, b) => Math.abs(a.weight) - Math.abs(b.weight));
  const others = lit === null ? 1 : 0.16;
  for (const isLast of [false, true]) {
    for (const { weight, source, target } of lines) {
      if (weight === 0 || isChosen(source, target) !== isLast) continue;
      const [begin, end] = [from.anchors[source], to.anchors[target]];
      if (!begin || !end) continue;
      if (isLast) painter.stem(begin, from.across, weight);
      painter.curve(begin.from, end.to, to.across, weight, isLast ? 1.6 : others);
    }
  }
}

interface PixelLines {
  readonly painter: LinePainter;
  readonly picture: NetworkPicture;
  readonly trace: Trace | null;
  readonly tile: Anchor;
  readonly seen: Box;
  readonly unit: number;
}

/** The lines from the pixels that speak most for a unit or against it, in the image that it is given. */
function paintPixels({ painter, picture, trace, tile, seen, unit }: PixelLines): void {
  const pixels = picture.height * picture.width;
  // A pool before the neurons leaves fewer pixels than are seen.
  if (pixels !== IMAGE_SIDE * IMAGE_SIDE) return;
  const weights = picture.images.subarray(unit * pixels, (unit + 1) * pixels);
  const input = trace?.activations[0];
  const products = weights.map((weight, at) => weight * (input?.[at] ?? 1));
  const strongest = [...products.keys()]
    .sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!))
    .slice(0, MOST_PIXELS);
  const scale = Math.max(1e-9, Math.abs(products[strongest[0]!]!));
  const side = seen.width / IMAGE_SIDE;
  const end = {
    x: tile.box.left + (isAcross(seen, tile.box) ? 0 : tile.box.width / 2),
    y: tile.box.top + (isAcross(seen, tile.box) ? tile.box.height / 2 : 0),
  };
  for (const at of strongest) {
    const begin = {
      x: seen.left + ((at % IMAGE_SIDE) + 0.5) * side,
      y: seen.top + (Math.floor(at / IMAGE_SIDE) + 0.5) * side,
    };
    painter.curve(begin, end, isAcross(seen, tile.box), products[at]! / scale, 1);
  }
}

/** Where a filter finds most of what it looks for, and lines from there to its tile. */
function paintField(lines: PixelLines, window: ViewWindow): void {
  const { painter, trace, tile, seen, unit } = lines;
  const map = trace && mapOf(trace, 1, unit);
  if (window.height !== IMAGE_SIDE || map?.height !== window.outHeight) return;
  const most = map.values.indexOf(map.values.reduce((a, b) => Math.max(a, b)));
  const side = seen.width / IMAGE_SIDE;
  const column = (most % map.width) * window.strideHorizontal - window.paddingLeft;
  const row = Math.floor(most / map.width) * window.strideVertical - window.paddingTop;
  const [left, top] = [seen.left + column * side, seen.top + row * side];
  const [width, height] = [window.kernelWidth * side, window.kernelHeight * side];
  painter.box(left, top, width, height);
  const across = isAcross(seen, tile.box);
  const begins = across
    ? [top, top + height].map((y) => ({ x: left + width, y }))
    : [left, left + width].map((x) => ({ x, y: top + height }));
  const ends = across
    ? [tile.box.top, tile.box.bottom].map((y) => ({ x: tile.box.left, y }))
    : [tile.box.left, tile.box.right].map((x) => ({ x, y: tile.box.top }));
  for (const [at, begin] of begins.entries()) painter.curve(begin, ends[at]!, across, 0.6, 1);
}

/** Paints lines in the colours of the page. */
class LinePainter {
  private readonly above = shadesOf(themeColour('accent'));
  private readonly below = shadesOf(themeColour('ink'));

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** @param weight from −1 to 1 */
  curve(from: Place, to: Place, across: boolean, weight: number, strength: number): void {
    const { context } = this;
    this.style(weight, strength);
    context.beginPath();
    context.moveTo(from.x, from.y);
    const [midX, midY] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
    if (across) context.bezierCurveTo(midX, from.y, midX, to.y, to.x, to.y);
    else context.bezierCurveTo(from.x, midY, to.x, midY, to.x, to.y);
    context.stroke();
  }

  /** From a unit to the edge of its layer. */
  stem({ box, from }: Anchor, across: boolean, weight: number): void {
    const { context } = this;
    this.style(weight, 1);
    context.beginPath();
    context.moveTo(from.x, from.y);
    if (across) context.lineTo(box.right, from.y);
    else context.lineTo(from.x, box.bottom);
    context.stroke();
  }

  box(left: number, top: number, width: number, height: number): void {
    this.style(1, 1);
    this.context.strokeRect(left, top, width, height);
  }

  private style(weight: number, strength: number): void {
    const size = Math.abs(weight);
    const alpha = Math.min(1, strength * (0.06 + 0.75 * size * size));
    const level = Math.ceil(alpha * ALPHA_LEVELS);
    const colours = weight >= 0 ? this.above : this.below;
    this.context.strokeStyle = colours[level]!;
    this.context.lineWidth = 0.5 + THICKEST * size;
  }
}

const ALPHA_LEVELS = 64;

/** A colour from none of it to all of it. */
function shadesOf(colour: readonly number[]): string[] {
  const shade = (level: number) => `rgb(${colour.join(' ')} / ${level / ALPHA_LEVELS})`;
  return Array.from({ length: ALPHA_LEVELS + 1 }, (_, level) => shade(level));
}

/** Weights of units that are the outputs themselves. */
function identity(size: number): Float32Array {
  const weights = new Float32Array(size * size);
  for (let unit = 0; unit < size; unit += 1) weights[unit * size + unit] = 1;
  return weights;
}
