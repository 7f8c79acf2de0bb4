import { defineConfig } from 'tsup'

/**
 * JavaScript of one package: ESM for Node 22, one file per entry plus shared chunks, with source maps.
 *
 * Not minified, so that names in stack traces are those of the source. Declarations come from `tsc -b`, which writes next to
 * these files; that is why nothing is cleaned here.
 */
export function library(entry: string[]): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    platform: 'neutral',
    splitting: true,
    sourcemap: true,
    clean: false,
    dts: false,
    silent: true,
  })
}
