import { defineConfig } from 'tsdown';

// Three entries: the library, the command line that answers --version before it loads anything, and the threads of a load test.
export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli/main.ts', 'load-worker': 'src/load/embedded/worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22.15',
  dts: true,
  clean: true,
  fixedExtension: false,
});
