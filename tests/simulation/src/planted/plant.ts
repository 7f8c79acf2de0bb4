import { registerHooks } from 'node:module'
import { plantIn } from './planted-bug.ts'
import { singletonBugs } from '../singletons/singleton-bugs.ts'
import { jobBugs } from '../workflows/job-bugs.ts'
import { plantedBugs } from './planted-bugs.ts'

/** To be imported before everything else: plants the bug that the environment names in the modules that follow. */
const bug = [...plantedBugs, ...singletonBugs, ...jobBugs].find(({ name }) => name === process.env['PLANTED_BUG'])

if (bug !== undefined) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!bug.edits.some(({ file }) => url.endsWith(`/packages/${file}`))) return loaded
      const source =
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
      return { ...loaded, source: plantIn(bug, url, source) }
    },
  })
}
