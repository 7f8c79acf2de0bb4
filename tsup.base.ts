import { defineConfig } from 'tsup'

/**
 * JavaScript of one package: ESM for Node 22, one file per entry plus shared chunks, with source maps.
 *
 * Not minified, so that names in stack traces are those of the source. Declarations come from `tsc -b`, which writes next to
 * these files and knows what it wrote; that is why they are not cleaned here.
 */
export function library(entry: string[]): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    clean: ['!**/*.d.ts', '!**/*.d.ts.map'],
    dts: false,
    // `node:sqlite` exists only with its scheme
    removeNodeProtocol: false,
    silent: true,
  })
}
