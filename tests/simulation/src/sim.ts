import { drawScenario } from './scenario.ts'
import { runScenario } from './run-scenario.ts'
const [from = '1', to = from] = process.argv.slice(2)
const started = performance.now()
let bad = 0
const kinds = new Map<string, number[]>()
for (let seed = Number(from); seed <= Number(to); seed++) {
  const result = await runScenario(drawScenario(seed))
  if (result.violations.length > 0) {
    bad++
    for (const v of result.violations) {
      const l = kinds.get(v.check) ?? []
      if (!l.includes(seed)) l.push(seed)
      kinds.set(v.check, l)
    }
    if (from === to) {
      console.log(result.trace.lines(process.env['ABOUT']?.split(',')).join('\n'))
      console.log(result.violations)
      if (process.env['LOG']) for (const { level, message, fields } of result.log) console.log(level, message, JSON.stringify(fields), fields['error'])
    }
  }
}
const s = (performance.now() - started) / 1000
for (const [k, v] of kinds) console.log(k, v.length, v.slice(0, 12).join(' '))
console.log({ bad, s, perMin: ((Number(to) - Number(from) + 1) / s) * 60 })
