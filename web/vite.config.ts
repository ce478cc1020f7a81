// Builds the two pages, each into one self-contained file: dist/web/report.html and dist/web/index.html.
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const root = import.meta.dirname;

export default defineConfig({
  root,
  plugins: [preact({ devToolsEnabled: false, reactAliasesEnabled: false }), viteSingleFile()],
  build: {
    outDir: `${root}/../dist/web`,
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: `${root}/report.html` },
  },
  // One build a page: a single file has no chunks to share.
  builder: {},
  environments: {
    pages: { consumer: 'client', build: { rolldownOptions: { input: `${root}/index.html` } } },
  },
});
