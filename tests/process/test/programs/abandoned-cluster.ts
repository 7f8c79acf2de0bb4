import { ProcessCluster } from '../../src/cluster/process-cluster.ts'

/** Starts a cluster, freezes a runner, says what runs, and waits to be killed. */
const cluster = await ProcessCluster.start({ runners: ['a', 'b'], ownPostgres: true })
await cluster.load()
cluster.runner('b').freeze()
const pids = [...cluster.runners.map(({ pid }) => pid), cluster.ownPostgres?.pid]
console.log(JSON.stringify({ pids, etcd: cluster.etcd.endpoint }))
setInterval(() => {}, 1000)
