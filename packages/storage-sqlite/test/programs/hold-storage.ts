import { openSqliteStorage } from '@cruster/storage-sqlite'

/** Opens the storage in a file and keeps it until it is killed. */
const [file = ''] = process.argv.slice(2)
await openSqliteStorage({ file })
console.log('open')
setInterval(() => undefined, 1000)
