import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/** Puts the service worker beside the page, with the names of all files that it keeps. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
      const source = readFileSync(`${import.meta.dirname}/src/offline/service-worker.js`, 'utf8');
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: source
          .replace('self.__FILES__', JSON.stringify([...files, 'icon.svg']))
          .replace('self.__VERSION__', JSON.stringify(version)),
      });
    },
  };
}

/** Where the page will be, with a slash at its end: pictures of links need whole addresses. */
const ADDRESS = process.env.BITGRAD_PAGE ?? './';

function socialCard(): Plugin {
  return {
    name: 'social-card',
    transformIndexHtml: (page) => page.replaceAll('%ADDRESS%', ADDRESS),
  };
}

// Everything is addressed relative to the page, so that the built folder works wherever it is put.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [serviceWorker(), socialCard()],
  build: {
    target: 'es2022',
    // Small enough that inlining files as data: addresses would only defeat the cache.
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
});
