import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/**
 * The renderer, the same for `serve` and for the shell. Nothing is
 * inlined (scripts, styles, images, fonts), because the content security policy allows no inline code
 * and no `data:` fonts.
 */
export default defineConfig({
  root: fileURLToPath(new URL('src/renderer', import.meta.url)),
  base: '/',
  plugins: [vue()],
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The window writes specifications and draws none: what templates load to draw stays out.
      external: /\/core\/figures\/[a-z-]+\/figure\.ts$/,
    },
  },
});
