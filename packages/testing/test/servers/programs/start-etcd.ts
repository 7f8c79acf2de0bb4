import { EtcdServer } from '@cruster/testing/servers'

/** Starts an etcd, says where it is, and leaves it to its fate. */
const { endpoint } = await EtcdServer.start()
process.stdout.write(`${endpoint}\n`)
process.stdin.resume()
