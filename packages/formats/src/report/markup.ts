/** A drawing of some size, as the inside of an SVG element. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  /** For those who do not see it. */
  readonly title: string;
  readonly body: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Any text as it may stand in HTML and SVG, in attributes too. XML allows no other controls, and what
 * turns the direction of writing around could show other words than are there.
 */
export function escapeText(text: string): string {
  return text
    .replace(
      /[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu,
      '\ufffd',
    )
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A text that is cut to a length that has room. */
export function clipped(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** A coordinate with no more digits than can be seen. */
export function coordinate(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** A line of text. */
export function label(
  text: string,
  x: number,
  y: number,
  { kind = '', anchor = 'start' }: { kind?: string; anchor?: 'start' | 'middle' | 'end' } = {},
): string {
  const place = `x="${coordinate(x)}" y="${coordinate(y)}"`;
  const look = `${kind ? ` class="${kind}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text ${place}${look}>${escapeText(text)}</text>`;
}

/** A figure for a page, as wide as there is room up to its own width. */
export function standalone({ width, height, title, body }: Figure): string {
  return `<svg viewBox="0 0 ${width} ${height}" style="max-width:${width}px" role="img" aria-label="${escapeText(title)}">${body}</svg>`;
}

/** The inside of a figure, moved. */
export function placed(body: string, x: number, y: number): string {
  return `<g transform="translate(${coordinate(x)} ${coordinate(y)})">${body}</g>`;
}
