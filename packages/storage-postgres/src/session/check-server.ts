import { ConfigError } from '@cruster/core'
import type { Logger } from '@cruster/core/ports'
import type { Row, Session } from './session.ts'

const settingsSql = `
select current_setting('server_version_num')::int4 as version, pg_is_in_recovery() as standby,
  current_setting('transaction_read_only') as read_only, current_setting('server_encoding') as encoding,
  current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`

/** Why a storage cannot work on a server, by the settings of the session. */
const refusals: readonly { readonly when: (settings: Row) => boolean; readonly text: (settings: Row) => string }[] = [
  {
    when: ({ version }) => Number(version) < 140_000,
    text: ({ version }) =>
      `The server is PostgreSQL ${Math.floor(Number(version) / 10_000)}. Nothing was changed. Use 14 or newer.`,
  },
  {
    when: ({ standby, read_only: readOnly }) => standby === true || readOnly === 'on',
    text: () =>
      'The server only reads: it is a standby, or default_transaction_read_only is on. Nothing was changed. Connect to ' +
      'the primary; with several hosts add target_session_attrs=read-write.',
  },
  {
    when: ({ encoding }) => encoding !== 'UTF8',
    text: ({ encoding }) =>
      `The database has the encoding ${String(encoding)}, which cannot hold all texts. Nothing was changed. Create it with ` +
      "encoding 'UTF8'.",
  },
]

/** Makes sure that a storage can work on the server. @throws ConfigError when not. */
export async function checkServer(session: Session, logger: Logger): Promise<void> {
  const { rows } = await session.run({ text: settingsSql })
  const [settings = {}] = rows
  const refusal = refusals.find(({ when }) => when(settings))
  if (refusal !== undefined) throw new ConfigError(refusal.text(settings))
  const { fsync, synchronous_commit: synchronousCommit } = settings
  if (fsync === 'off' || synchronousCommit === 'off') {
    logger.log('warn', 'PostgreSQL does not wait for the disk: a crash of its machine loses what was committed last', {
      fsync,
      synchronousCommit,
    })
  }
}
