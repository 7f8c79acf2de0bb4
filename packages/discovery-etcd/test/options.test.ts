import { etcdDiscovery } from '@cruster/discovery-etcd'
import type { EtcdDiscoveryOptions } from '@cruster/discovery-etcd'
import { describe, expect, it } from 'vitest'
import { linkSettings } from '../src/link/link-settings.ts'

const endpoints = ['http://10.0.0.9:2379']

describe('options of etcdDiscovery', () => {
  it.each<[string, EtcdDiscoveryOptions, string]>([
    ['no endpoint', { endpoints: [] }, 'needs at least one endpoint'],
    ['a path', { endpoints: ['http://a:1/x'] }, '"http://a:1/x" is not an endpoint of etcd'],
    ['mixed endpoints', { endpoints: ['http://a:1', 'https://b:1'] }, 'Make them alike'],
    ['tls without https', { endpoints, tls: { ca: '' } }, 'Write https'],
    ['half a certificate', { endpoints: ['a'], tls: { ca: '', cert: '' } }, 'Give both'],
    ['a short lease', { endpoints, leaseTtl: '500ms' }, 'give at least 1s'],
    ['a time-out of nothing', { endpoints, callTimeout: 0 }, 'longer than nothing'],
  ])('are refused for %s', (_, options, message) => {
    expect(() => etcdDiscovery(options)).toThrow(message)
  })

  it('complete endpoints, and round leases up to seconds', () => {
    const settings = linkSettings({ endpoints: ['10.0.0.9', 'b:2000/', 'http://[::1]:2379'], leaseTtl: '1500ms' })

    expect(settings.endpoints).toEqual(['http://10.0.0.9:2379', 'http://b:2000', 'http://[::1]:2379'])
    expect(settings).toMatchObject({ leaseTtlS: 2, prefix: '/cruster/', callTimeoutMs: 5000 })
  })
})
