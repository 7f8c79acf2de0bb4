import { SqliteConnection } from '../../src/sqlite-connection.ts'

/** Counts the transactions that were committed. */
export class CountingConnection extends SqliteConnection {
  commits = 0

  override commit(): void {
    super.commit()
    this.commits++
  }
}
