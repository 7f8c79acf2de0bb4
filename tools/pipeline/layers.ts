import { capture } from './capture.ts'

/** Checks the package graph, and that there was a graph to check: a misconfigured run sees no modules and is content. */
const folders = ['packages', 'apps', 'tests']
const { code, output } = await capture(['depcruise', '--config', '.dependency-cruiser.cjs', ...folders])
console.log(output)

const modules = Number(/(\d+) modules/.exec(output)?.[1] ?? 0)
if (modules === 0) console.error('No modules were found, so nothing was checked.')
process.exitCode = modules === 0 ? 1 : code
