import { describe, expect, it } from 'vitest'
import { useEtcd } from './etcd-fixture.ts'

const etcd = useEtcd()

describe('settings of a cluster', () => {
  it('stay those of the first proposal when all members have left', async () => {
    await using fixture = etcd()
    const first = await fixture.open()
    await first.agree({ shardsPerGroup: 300, hashVersion: 1 })
    await first[Symbol.asyncDispose]()

    const result = await (await fixture.open()).agree({ shardsPerGroup: 100, hashVersion: 1 })

    expect(result).toEqual({ kind: 'differs', setting: 'shardsPerGroup', cluster: 300 })
    expect(await fixture.raw.get(`${fixture.prefix}settings`)).toBe('{"shardsPerGroup":300,"hashVersion":1}')
  })

  it('that somebody has overwritten are an error that says where', async () => {
    await using fixture = etcd()
    await fixture.raw.put(`${fixture.prefix}settings`).value('nonsense')

    const agreeing = (await fixture.open()).agree({ shardsPerGroup: 300 })

    await expect(agreeing).rejects.toThrow(`The key ${fixture.prefix}settings in etcd does not hold the settings`)
  })
})
