import { parseDuration } from '../../clock/duration.ts'
import { pause } from '../../clock/machine-time.ts'
import { UsageError } from '../../server/config.ts'
import { ask, askHealth, askPatiently } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import type { ServerAddress } from '../server-address.ts'
import { clockText } from '../terminal-text.ts'

export const clock = command({
  name: 'clock',
  args: '[+DURATION]',
  doc: 'show the clock, or move it: clock +5m; what comes due by then is done',
  settings: CLIENT_SETTINGS,
  flags: {},
  async run({ server, args: [by], json, out, err }) {
    if (by !== undefined) {
      if (parseDuration(by) === undefined)
        throw new UsageError(`'${by}' is no duration: it takes +5m, 90s, 1h30m …`)
      const moved = await move(server, by.replace(/^\+/, ''), err)
      out(json ? JSON.stringify(moved) : moved.now)
      return undefined
    }
    const { clock } = await askHealth(server)
    if (json) out(JSON.stringify(clock))
    else out(`${clock.now}  ${clockText(clock)}`)
    return undefined
  },
})

const LOOK_EVERY_MS = 2_000

interface ShownClock {
  readonly now: string
  readonly moving?: { readonly from: string; readonly to: string }
}

/** Says from time to time how far a long move is. */
async function move(
  server: ServerAddress,
  by: string,
  err: (line: string) => void,
): Promise<{ now: string }> {
  const over = new AbortController()
  const watching = watch(server, err, over.signal)
  try {
    return await askPatiently<{ now: string }>(server, 'api/clock/advance', { by })
  } finally {
    over.abort()
    await watching
  }
}

async function watch(server: ServerAddress, err: (line: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // That it is over is seen below.
    await pause(LOOK_EVERY_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    const { now, moving } = await ask<ShownClock>(server, 'api/clock').catch(
      () => ({}) as Partial<ShownClock>,
    )
    if (now === undefined || moving === undefined) continue
    const [from, to, at] = [moving.from, moving.to, now].map((time) => Date.parse(time)) as [
      number,
      number,
      number,
    ]
    err(
      `the clock is at ${now}, ${Math.floor(((at - from) / Math.max(1, to - from)) * 100)} % of the way to ${moving.to}`,
    )
  }
}
