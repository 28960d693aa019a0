import { readFile, writeFile } from 'node:fs/promises';
import { decodeModel, Predictor, Stream, typescriptBackend } from '@bitgrad/core';
import { test } from 'vitest';
import { prepareDigit } from '../../src/prepare/prepare.js';
import { drawStrokes } from '../../src/prepare/strokes.js';
import { PAD_SIZE } from '../../src/views/draw/pad-size.js';
import { DISTORTIONS, drawDistorted } from './distort.js';
import { TRAJECTORIES } from './trajectories.js';

const argmax = (p: Float32Array) => p.reduce((b, v, i) => (v > p[b]! ? i : b), 0);
test('explore', async () => {
  const file = process.env.MODEL!;
  const model = await decodeModel(await readFile(file), 'm');
  const predictor = new Predictor(model, typescriptBackend());
  const strip: Uint8Array[] = [];
  const wrong: string[] = [];
  let all = 0, allGood = 0;
  for (const name of Object.keys(DISTORTIONS)) {
    const stream = new Stream(1, 'augment', Object.keys(DISTORTIONS).indexOf(name));
    let good = 0, count = 0;
    const byWay = new Map<string, number>();
    for (const [digit, ways] of TRAJECTORIES.entries()) for (const way of ways) for (let i = 0; i < 4; i++) {
      const d = drawDistorted(way, name, stream);
      const pixels = prepareDigit(drawStrokes(d.strokes, PAD_SIZE, d.penRadius))!;
      const said = argmax(predictor.predict(pixels));
      if (i === 0) strip.push(pixels);
      count++;
      if (said === digit) good++;
      else { const k = `${digit}:${way.way}->${said}`; byWay.set(k, (byWay.get(k) ?? 0) + 1); }
    }
    all += count; allGood += good;
    console.log(name, (100 * good / count).toFixed(2), [...byWay].map(([k, v]) => `${k} x${v}`).join('; '));
  }
  console.log('ALL', all, (100 * allGood / all).toFixed(2));
  const sk = process.env.SK;
  if (sk) {
    const bytes = await readFile(sk);
    let good = 0; const n = bytes.length / 65; const conf: Record<string, number> = {};
    const smooth = process.env.SMOOTH !== undefined;
    for (let i = 0; i < n; i++) {
      const im = bytes.subarray(i * 65, i * 65 + 64); const label = bytes[i * 65 + 64]!;
      const F = 20; const S = 8 * F;
      const px = new Uint8Array(S * S);
      const at = (y: number, x: number) => (y < 0 || x < 0 || y > 7 || x > 7 ? 0 : im[y * 8 + x]!);
      for (let y = 0; y < S; y++) for (let x = 0; x < S; x++) {
        if (!smooth) { px[y * S + x] = Math.round(im[Math.floor(y / F) * 8 + Math.floor(x / F)]! * 255 / 16); continue; }
        const fy = (y + .5) / F - .5, fx = (x + .5) / F - .5; const y0 = Math.floor(fy), x0 = Math.floor(fx); const b = fy - y0, a = fx - x0;
        px[y * S + x] = Math.round(((1 - b) * ((1 - a) * at(y0, x0) + a * at(y0, x0 + 1)) + b * ((1 - a) * at(y0 + 1, x0) + a * at(y0 + 1, x0 + 1))) * 255 / 16);
        if (process.env.GAIN) px[y * S + x] = Math.max(0, Math.min(255, Math.round((px[y * S + x]! / 255 - Number(process.env.TH)) * Number(process.env.GAIN) * 255 + 127.5)));
      }
      const pixels = prepareDigit({ width: S, height: S, pixels: px })!;
      const said = argmax(predictor.predict(pixels));
      if (i < 50) strip.push(pixels);
      if (said === label) good++; else conf[`${label}->${said}`] = (conf[`${label}->${said}`] ?? 0) + 1;
    }
    console.log('SK', n, (100 * good / n).toFixed(2), JSON.stringify(conf));
  }
  const cols = 51; const rows = Math.ceil(strip.length / cols);
  const out = new Uint8Array(cols * 28 * rows * 28);
  strip.forEach((p, k) => { const r = Math.floor(k / cols), c = k % cols; for (let y = 0; y < 28; y++) out.set(p.subarray(y * 28, y * 28 + 28), (r * 28 + y) * cols * 28 + c * 28); });
  await writeFile('/tmp/cand/strip.pgm', Buffer.concat([Buffer.from(`P5 ${cols * 28} ${rows * 28} 255\n`), out]));
});
