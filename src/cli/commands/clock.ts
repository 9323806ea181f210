import { parseDuration } from '../../clock/duration.ts'
import { UsageError } from '../../server/config.ts'
import { ask, askHealth } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import { clockText } from '../terminal-text.ts'

export const clock = command({
  name: 'clock',
  args: '[+DURATION]',
  doc: 'show the clock, or move it: clock +5m; what comes due by then is done',
  settings: CLIENT_SETTINGS,
  flags: {},
  async run({ server, args: [by], json, out }) {
    if (by !== undefined) {
      if (parseDuration(by) === undefined)
        throw new UsageError(`'${by}' is no duration: it takes +5m, 90s, 1h30m …, 366 days at most`)
      const moved = await ask<{ now: string }>(server, 'api/clock/advance', { by: by.replace(/^\+/, '') })
      out(json ? JSON.stringify(moved) : moved.now)
      return undefined
    }
    const { clock } = await askHealth(server)
    if (json) out(JSON.stringify(clock))
    else out(`${clock.now}  ${clockText(clock)}`)
    return undefined
  },
})
