// `npm start` and `npm test` begin here, on a machine that may have nothing but Node and npm.
// This file runs on any Node that knows modules, so that an old one gets an answer instead of a syntax error.

const major = Number.parseInt(process.versions.node, 10)

if (major < 20) {
  console.error(`Cruster needs Node 20 or later to start from; this is ${process.version}.`)
  process.exitCode = 1
} else {
  const { main } = await import('./main.mjs')
  process.exitCode = await main(process.argv.slice(2))
}
