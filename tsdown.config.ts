import { defineConfig } from 'tsdown';

// Two entries: the library, and the command line that answers --version before it loads anything.
export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22.15',
  dts: true,
  clean: true,
  fixedExtension: false,
});
