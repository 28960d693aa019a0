import { escapeText } from './markup.js';

/** Names and values, as a list of HTML. */
export function list(pairs: readonly (readonly [string, string])[], attributes: string): string {
  const rows = pairs.map(
    ([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`,
  );
  return `<dl${attributes}>\n${rows.join('\n')}\n</dl>`;
}
