// A plugin of typedoc: calls each document by its first heading instead of by its path, and sorts it
// into the navigation.

import { Converter } from 'typedoc';

/** @param {string} path of a document, without its ending */
function groupOf(path) {
  if (path.startsWith('docs/guide/')) return 'Guides';
  return path.startsWith('packages/') ? 'Packages' : 'Documents';
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const text = document.content.map((part) => part.text).join('');
    const heading = /^# (.+)$/m.exec(text)?.[1];
    if (heading === undefined) throw new Error(`expected a heading in ${document.name}`);
    document.frontmatter.group = groupOf(document.name);
    document.name = heading;
  });
}
