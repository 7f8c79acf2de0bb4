import { spawn } from 'node:child_process'

/** What is to be ended, and with whom. */
export interface Leftovers {
  readonly owner: number
  readonly server: number
  readonly folder: string
}

// Numbers of processes are used again, so it ends by itself when the server has ended.
const script = `
while kill -0 "$1" 2>/dev/null; do
  kill -0 "$2" 2>/dev/null || exit 0
  sleep 0.5
done
kill -QUIT "$2" 2>/dev/null
while kill -0 "$2" 2>/dev/null; do sleep 0.1; done
rm -rf "$3"`

/** Ends a server and removes its folder when its owner is gone, however that ended. A process of its own sees to it. */
export function removeWhenGone({ owner, server, folder }: Leftovers): void {
  const watchdog = spawn('sh', ['-c', script, 'watchdog', String(owner), String(server), folder], {
    detached: true,
    stdio: 'ignore',
  })
  watchdog.unref()
}
