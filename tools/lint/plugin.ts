/**
 * Rules of the house that no ready-made rule covers. Loaded by oxlint as a plugin, see `.oxlintrc.json`.
 *
 * Each visitor gets nodes of the ESTree syntax tree; the types below name only what is read.
 */
interface Context {
  readonly filename: string
  report(problem: { node: unknown; message: string }): void
}

interface Call {
  readonly callee: { readonly name?: string }
  readonly arguments: readonly unknown[]
}

const heapNames = /^(utils?|helpers?|common|types|interfaces|constants|misc|shared)\.ts$/

/** `throw new Error` tells the caller nothing to switch on: every failure has a class, a code and an outcome. */
const noPlainError = {
  create: (context: Context) => {
    const check = (node: Call): void => {
      if (node.callee.name !== 'Error') return
      context.report({ node, message: 'Use an error class with a code and an outcome instead of a plain Error.' })
    }
    return { NewExpression: check, CallExpression: check }
  },
}

/** `new Date()` reads the clock behind the back of the `Clock` port. */
const noCurrentDate = {
  create: (context: Context) => ({
    NewExpression(node: Call) {
      if (node.callee.name !== 'Date' || node.arguments.length > 0) return
      context.report({ node, message: 'Ask the Clock port for the time.' })
    },
  }),
}

/** Entry points name what they export; everything else is imported from where it is. */
const noExportAll = {
  create: (context: Context) => ({
    ExportAllDeclaration(node: unknown) {
      context.report({ node, message: 'Export explicit names, so that the public surface is a decision.' })
    },
  }),
}

/** Names of heaps are how heaps start. */
const noHeapFile = {
  create: (context: Context) => ({
    Program(node: unknown) {
      const name = context.filename.split(/[/\\]/).at(-1) ?? ''
      if (!heapNames.test(name)) return
      context.report({ node, message: `"${name}" says nothing: name the file after the one concept in it.` })
    },
  }),
}

export default {
  meta: { name: 'cruster' },
  rules: {
    'no-plain-error': noPlainError,
    'no-current-date': noCurrentDate,
    'no-export-all': noExportAll,
    'no-heap-file': noHeapFile,
  },
}
