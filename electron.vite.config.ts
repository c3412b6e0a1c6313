import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

/** Processes that are started by the path of their source file find the built one. */
const builtProcessPaths: Plugin = {
  name: 'built-process-paths',
  enforce: 'pre',
  transform: (code) =>
    code.replace(
      /new URL\('(\.[^']*)\.ts', import\.meta\.url\)/g,
      "new URL('$1.js', import.meta.url)",
    ),
};

/** Main process and preload. The renderer is the same as in a browser: vite.config.ts builds it. */
export default defineConfig({
  main: {
    plugins: [builtProcessPaths],
    build: {
      // Laid out as in src, so that relative paths between modules stay true: out/main, out/core.
      outDir: 'out',
      emptyOutDir: false,
      rolldownOptions: {
        // Builds the pages where their sources are, which no package has.
        external: ['vite'],
        input: [
          'src/main/index.ts',
          'src/main/cli.ts',
          'src/main/shell/utilityTrainerProcess.ts',
          'src/main/workbench/figureThread.ts',
          'src/main/workbench/exportThread.ts',
          'src/main/workbench/report/reportThread.ts',
          'src/main/learning/engineCheck/doctorProcess.ts',
          'src/main/learning/classMapsThread.ts',
          'src/main/learning/explanationsThread.ts',
          'src/main/learning/auditThread.ts',
          'src/main/learning/importedWeightsThread.ts',
          'src/main/learning/engine/wasm/threads/thread.ts',
          'src/main/store/integrity/verifyThread.ts',
          'src/main/datasets/readerProcess.ts',
        ],
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          preserveModules: true,
          preserveModulesRoot: 'src',
        },
      },
    },
  },
  preload: {
    build: {
      // Bundled whole: a sandboxed preload can load nothing but electron, and only as CommonJS.
      externalizeDeps: false,
      rolldownOptions: {
        input: 'src/preload/index.ts',
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
});
