// Stands in for the package string-width where the command is bundled (bundle.mjs): that prepares expressions for
// emoji and the scripts of Asia for 25 ms, of every command. The help that yargs lays out has none.

import { stripVTControlCharacters } from 'node:util';

/**
 * The columns that a text takes on a terminal, if each character takes one.
 * @param {string} text
 */
export default function plainWidth(text) {
  return stripVTControlCharacters(text).length;
}
