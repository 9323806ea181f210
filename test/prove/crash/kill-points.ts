import { watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** When a server is killed. Those with names are seen from outside: in its answers, and in its data folder. */
export const KILL_POINTS = [
  'while it starts',
  'a put is answered',
  'a put is under way',
  'an object is begun',
  'an object is whole',
  'a delivery is answered',
  'the stream changes',
  'any time',
] as const
export type KillPoint = (typeof KILL_POINTS)[number]

/** How long a moment is waited for that may not come. */
const PATIENCE_MS = 400

/** Resolves when an object's file appears: `begun` while it is being written, otherwise when it is whole. */
export async function objectFile(folder: string, begun: boolean): Promise<void> {
  const done = new AbortController()
  const seen = new Promise<void>((resolve) => {
    const watcher = watch(join(folder, 'blobs'), { recursive: true, signal: done.signal }, (_event, name) => {
      if (String(name).startsWith('unfinished') === begun) resolve()
    })
    watcher.on('error', () => resolve())
  })
  await Promise.race([seen, sleep(PATIENCE_MS)])
  done.abort()
}
