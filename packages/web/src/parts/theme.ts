import { effect, signal } from '@preact/signals';

/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'bitgrad-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

export const theme = signal<Theme>(readTheme());
/** Counts changes of the colours, so that what is painted on canvases is painted again. */
export const paint = signal(0);

effect(() => {
  const { value } = theme;
  if (value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // A private window may keep nothing.
  }
  paint.value = paint.peek() + 1;
});

system.addEventListener('change', () => {
  paint.value += 1;
});

/** The next theme in turn. */
export function nextTheme(): void {
  const order: readonly Theme[] = ['auto', 'light', 'dark'];
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length]!;
}

/** A colour of the style sheet as red, green and blue. Such colours are written as `#rrggbb`. */
export function themeColour(name: 'ink' | 'accent'): [number, number, number] {
  const key = `${name} ${paint.peek()}`;
  let colour = colours.get(key);
  if (colour === undefined) {
    const text = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const value = Number.parseInt(text.slice(1), 16);
    colour = [value >> 16, (value >> 8) & 255, value & 255];
    colours.set(key, colour);
  }
  return colour;
}

/** Asking the style sheet is slow where many images are painted many times a second. */
const colours = new Map<string, [number, number, number]>();

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'auto';
  } catch {
    return 'auto';
  }
}

// Canvases do not fetch a font by using it, nor notice when it has come.
document.fonts.load('12px "Geist Mono Variable"').then(
  () => {
    paint.value += 1;
  },
  () => undefined,
);
