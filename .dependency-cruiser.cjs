/**
 * The package graph as a table: what the sources of a package may import besides themselves.
 *
 * Arrows point down. Adapters know core and nothing else; engines never know an adapter. Apps and tests may import anything.
 */
const engines = {
  sharding: ['core'],
  workflow: ['core', 'sharding'],
  singleton: ['core', 'sharding'],
}
const adapters = {
  'storage-sqlite': ['core'],
  'storage-postgres': ['core'],
  kysely: ['core'],
  'discovery-etcd': ['core'],
  'transport-grpc': ['core'],
}
const allowed = {
  core: [],
  ...engines,
  ...adapters,
  testing: ['core', ...Object.keys(engines), 'storage-sqlite'],
  cruster: ['core', ...Object.keys(engines), 'storage-sqlite'],
}

const looksDownOnly = ([name, below]) => ({
  name: `${name}-looks-down-only`,
  comment: `packages/${name} may import ${below.length > 0 ? below.join(', ') : 'no other package'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: '^(packages|apps|tests|tools)/', pathNot: `^packages/(${[name, ...below].join('|')})/` },
})

module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(looksDownOnly),
    {
      name: 'package-is-in-the-table',
      comment: 'A new package needs a row in the table of .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${Object.keys(allowed).join('|')})/` },
      to: {},
    },
    {
      name: 'no-deep-import',
      comment: 'Other packages are entered through the doors in their "exports".',
      severity: 'error',
      from: { path: '^(packages|apps|tests)/([^/]+)/' },
      to: {
        path: '^packages/(?!$2/)[^/]+/(src|dist)/(?!(index|guard|ports|memory|extension|pglite|servers|vitest)[.]ts$)',
      },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/' },
      to: { path: '/test/' },
    },
    {
      name: 'no-circular',
      comment: 'No cycle of imports at run time. Types may refer to each other: that is what recursive types do.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An undeclared import does not resolve, and what does not resolve is checked by no other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Without the first one, imports of other packages do not lead to their sources and nothing is checked.
      conditionNames: ['@cruster/source', 'import', 'types', 'node', 'default'],
    },
  },
}
