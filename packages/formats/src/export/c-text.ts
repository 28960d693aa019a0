import { hexFloat } from './hex-float.js';

/** An array of binary32 constants. */
export function floats(name: string, values: Float32Array): string {
  return `static const float ${name}[${values.length}] = {\n${lines(Array.from(values, hexFloat))}};\n`;
}

/** Eight elements a line. */
export function lines(elements: readonly string[]): string {
  let source = '';
  for (let at = 0; at < elements.length; at += 8) {
    source += `  ${elements.slice(at, at + 8).join(', ')},\n`;
  }
  return source;
}

/** A text as C's constant: what is not plain ASCII stands as octal bytes of UTF-8, which end by themselves. */
export function text(value: string): string {
  const bytes = new TextEncoder().encode(value);
  const characters = Array.from(bytes, (byte) =>
    byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `"${characters.join('')}"`;
}
