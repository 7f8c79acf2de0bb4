import { describe, expect, test } from 'vitest'
import { parseCommand } from '../src/command-line.ts'
import { workloads } from '../src/workloads/index.ts'

const parse = (...args: string[]) => parseCommand(args, workloads)

describe('the command line of the benchmarks', () => {
  test('runs everything that is not long when nothing is named', () => {
    const long = new Set(['w6s', 'w8s', 'grow'])
    const short = workloads.map(({ id }) => id).filter((id) => !long.has(id))
    expect(parse().workloads.map(({ id }) => id)).toEqual(short)
    expect(parse()).toMatchObject({ concurrency: undefined, json: false, runs: 1 })
    expect(parse('grow').workloads.map(({ id }) => id)).toEqual(['grow'])
  })

  test('runs the workloads that are named, in any case', () => {
    const command = parse('W3a', 'w1', '--concurrency', '64', '--json')
    expect(command.workloads.map(({ id }) => id)).toEqual(['w3a', 'w1'])
    expect(command).toMatchObject({ concurrency: 64, json: true })
  })

  test('names the workloads there are when one is unknown', () => {
    expect(() => parse('w99')).toThrow(/no workload w99; there are w1, /)
  })

  test('says which option is wrong', () => {
    expect(() => parse('--runs', '0')).toThrow('--runs takes a whole number from 1, not 0.')
    expect(() => parse('--seconds', 'long')).toThrow('--seconds')
    expect(() => parse('--fast')).toThrow(/--fast/)
  })
})
