import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({ host: '127.0.0.1', port: 3000, dataDir: './.cruster' })
    expect(readConfig({ PORT: '', HOST: '' })).toEqual(readConfig({}))
  })

  it('is taken at its word', () => {
    const env = { PORT: '8080', HOST: '0.0.0.0', CRUSTER_DATA_DIR: '/var/chess' }

    expect(readConfig(env)).toEqual({ host: '0.0.0.0', port: 8080, dataDir: '/var/chess' })
  })

  it.each(['http', '-1', '65536', '3000.5', '0x10'])('refuses PORT=%s and says what a port is', (port) => {
    expect(() => readConfig({ PORT: port })).toThrow(`PORT must be a port number from 0 to 65535; it is "${port}".`)
  })

  it('does not ignore the settings of a cluster', () => {
    expect(() => readConfig({ POSTGRES_URL: 'postgres://x' })).toThrow(/POSTGRES_URL.*CRUSTER_DATA_DIR/)
  })
})
