import { defineConfig } from 'vite';

// Everything is addressed relative to the page, so that the built folder works wherever it is put.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    target: 'es2022',
    // Small enough that inlining files as data: addresses would only defeat the cache.
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
});
