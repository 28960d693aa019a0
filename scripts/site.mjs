// `npm run docs`: the site, in runs/site: guides, documents and the libraries' reference by typedoc,
// with a search that needs no server; the page beside it in demo/. A warning of typedoc is an error,
// and so is a link inside the site that leads nowhere. Build first.

import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { siteMade } from './require.mjs';
import { RunError, root, runTool, stage } from './run.mjs';

const site = join(root, 'runs', 'site');
const demo = join(root, 'packages', 'web', 'dist');

/**
 * The HTML files of a folder and those below, but for the demo, which is an application.
 * @param {string} folder
 * @returns {string[]}
 */
function pagesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(({ name }) => {
    const path = join(folder, name);
    if (path === join(site, 'demo')) return [];
    if (statSync(path).isDirectory()) return pagesIn(path);
    return name.endsWith('.html') ? [path] : [];
  });
}

/**
 * Makes the link to the demo, which typedoc writes alike into every page, lead there.
 * @param {string} page
 */
function linkDemo(page) {
  const path = relative(dirname(page), join(site, 'demo', 'index.html')).replaceAll('\\', '/');
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replaceAll('href="demo/"', `href="${path}"`));
}

/** @type {Map<string, Set<string>>} */
const anchors = new Map();

/**
 * The names in a page that a link can lead to.
 * @param {string} page
 */
function anchorsOf(page) {
  const known = anchors.get(page);
  if (known !== undefined) return known;
  const text = readFileSync(page, 'utf8');
  const found = new Set([...text.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => id ?? ''));
  anchors.set(page, found);
  return found;
}

/**
 * What is wrong with a page's links, a line each.
 * @param {string} page
 */
function brokenLinks(page) {
  const text = readFileSync(page, 'utf8');
  const links = [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? '');
  return links.flatMap((link) => {
    if (/^(?:[a-z]+:|\/\/)/.test(link)) return [];
    const [path = '', anchor] = link.replaceAll('&amp;', '&').split('#').map(decodeURIComponent);
    const target = path === '' ? page : join(dirname(page), path.replace(/\?.*$/, ''));
    const file =
      existsSync(target) && statSync(target).isDirectory() ? join(target, 'index.html') : target;
    const leads =
      existsSync(file) &&
      (!anchor || !file.endsWith('.html') || file.includes('demo') || anchorsOf(file).has(anchor));
    return leads ? [] : [`${relative(site, page)}: ${link}`];
  });
}

try {
  for (const old of [site, siteMade]) rmSync(old, { recursive: true, force: true });
  await stage('guides and reference', () =>
    runTool('pnpm', ['--dir', 'tools/api-docs', 'run', 'docs']),
  );
  cpSync(demo, join(site, 'demo'), { recursive: true });
  for (const page of pagesIn(site)) linkDemo(page);
  await stage('links', async () => {
    const broken = [...new Set(pagesIn(site).flatMap(brokenLinks))];
    if (broken.length > 0) throw new RunError('links', 1, `${broken.join('\n')}\n`);
  });
  writeFileSync(siteMade, '');
  console.log(`runs/site: ${pagesIn(site).length} pages`);
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = error.exitCode;
}
