import { BitgradError, type Receipt } from '@bitgrad/core';
import { download } from '../../parts/download.js';
import { percent } from '../../parts/format.js';
import { glyphCells } from '../../parts/glyph.js';
import { themeColour } from '../../parts/theme.js';
import type { NetworkPicture } from '../../worker/protocol.js';

/** The size that links are shown with nearly everywhere. */
const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 60;
const GLYPH = 176;

/** Saves a picture of a network: its tiles, how much it reads, and its digest. */
export async function saveTilesPicture(picture: NetworkPicture, receipt: Receipt): Promise<void> {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  context.fillStyle = colour('ground');
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const right = drawTiles(context, picture, colour('panel'));
  drawWords(context, receipt, right + MARGIN, colour);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new BitgradError('this browser cannot make a picture');
  download(
    `bitgrad-${receipt.weightsSha256.slice(0, 8)}.png`,
    new Uint8Array(await blob.arrayBuffer()),
  );
}

/** Draws the tiles at the left and gives their right end. */
function drawTiles(context: CanvasRenderingContext2D, picture: NetworkPicture, ground: string) {
  const { images, height, width } = picture;
  const { shown } = picture.layers[0]!;
  const rows = Math.ceil(Math.sqrt(shown / 1.4));
  const columns = Math.ceil(shown / rows);
  const step = Math.min((HEIGHT - 2 * MARGIN) / rows, 640 / columns);
  const small = Object.assign(document.createElement('canvas'), { width, height });
  context.imageSmoothingEnabled = false;
  const top = (HEIGHT - rows * step) / 2;
  for (let unit = 0; unit < shown; unit += 1) {
    const [x, y] = [MARGIN + (unit % columns) * step, top + Math.floor(unit / columns) * step];
    context.fillStyle = ground;
    context.fillRect(x, y, step * 0.92, step * 0.92);
    paintTile(small, images.subarray(unit * height * width, (unit + 1) * height * width));
    context.drawImage(small, x, y, step * 0.92, step * 0.92);
  }
  return MARGIN + columns * step;
}

function paintTile(canvas: HTMLCanvasElement, values: Float32Array): void {
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(canvas.width, canvas.height);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  for (const [at, value] of values.entries()) {
    const [red, green, blue] = themeColour(value > 0 ? 'accent' : 'ink');
    image.data.set([red, green, blue, Math.round((255 * Math.abs(value)) / scale)], 4 * at);
  }
  context.putImageData(image, 0, 0);
}

function drawWords(
  context: CanvasRenderingContext2D,
  { testAccuracy, weightsSha256 }: Receipt,
  left: number,
  colour: (name: string) => string,
): void {
  const say = (text: string, y: number, font: string, name: string) => {
    context.font = font;
    context.fillStyle = colour(name);
    context.fillText(text, left, y, WIDTH - MARGIN - left);
  };
  const sans = '"Geist Variable", system-ui, sans-serif';
  const mono = '"Geist Mono Variable", monospace';
  say('bitgrad', MARGIN + 30, `640 34px ${sans}`, 'ink');
  if (testAccuracy !== null) {
    say(percent(testAccuracy), MARGIN + 150, `640 92px ${sans}`, 'accent');
    say('of the test images read correctly', MARGIN + 195, `450 24px ${sans}`, 'quiet');
  }
  const top = HEIGHT - MARGIN - GLYPH - 64;
  const cell = GLYPH / 8;
  for (const { x, y, isAccent } of glyphCells(weightsSha256)) {
    context.fillStyle = colour(isAccent ? 'accent' : 'ink');
    context.fillRect(left + x * cell, top + y * cell, cell, cell);
  }
  say(weightsSha256.slice(0, 32), HEIGHT - MARGIN - 24, `450 20px ${mono}`, 'quiet');
  say(weightsSha256.slice(32), HEIGHT - MARGIN, `450 20px ${mono}`, 'quiet');
}
