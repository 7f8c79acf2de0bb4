import type { ChildProcessByStdio } from 'node:child_process'
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/**
 * Knows which processes run, and kills them at the end of its input. The input ends with this process, however that ends:
 * a program that was frozen is not left behind either.
 */
const script = `
trap '' HUP INT TERM PIPE
pids=' '
while read -r what pid; do
  case $what in
    begun) pids="$pids$pid " ;;
    ended) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done`

let started: ChildProcessByStdio<Writable, null, null> | undefined

function reaper(): Writable {
  if (started === undefined) {
    started = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    started.unref()
    // A pipe, which would keep this process alive.
    const { stdin } = started as unknown as { readonly stdin: { unref?(): void } }
    stdin.unref?.()
  }
  return started.stdin
}

/** From now on this process dies with ours. */
export function diesWithUs(pid: number): void {
  reaper().write(`begun ${pid}\n`)
}

/** Its number may be somebody else's soon. */
export function isGone(pid: number): void {
  reaper().write(`ended ${pid}\n`)
}
