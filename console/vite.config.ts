import { defineConfig } from 'vite'

const SERVER = 'http://127.0.0.1:4566'

/** `npm run build:console`: the pages that src/api/pages.ts serves. Nothing is inlined, for the page's policy forbids it. */
export default defineConfig({
  base: '/_standpipe/',
  logLevel: 'warn',
  build: {
    outDir: '../dist-console',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // `npx vite console` beside `npm run dev`: pages that reload themselves. The server answers its own origin only.
  server: {
    proxy: { '/_standpipe/api': { target: SERVER, changeOrigin: true, headers: { origin: SERVER } } },
  },
})
