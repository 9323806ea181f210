import { resolve } from 'node:path'
import { pause } from '../clock/pause.ts'
import { SETTINGS, type SettingName, withoutSecrets } from '../config.ts'
import { createLog } from '../log.ts'
import { bannerLines } from './banner.ts'
import { command, EXIT } from './command.ts'
import { keepFreedMemory } from './keep-freed-memory.ts'
import { machineClock } from './machine-clock.ts'
import { startFailureOf } from './start-failure.ts'
import { stopRequest } from './stop-request.ts'

/** What is under way may take this long after a signal. */
const CLOSE_WITHIN_MS = 10_000
const LOOPBACK = /^(127\.|::1$|localhost$)/

export const start = command({
  name: 'start',
  args: '',
  doc: 'start the server, until SIGTERM or Ctrl-C',
  settings: Object.keys(SETTINGS) as SettingName[],
  flags: {},
  async run({ settings, env, json, out, err }) {
    const log = createLog({
      level: settings.logLevel,
      format: process.stderr.isTTY ? 'human' : 'json',
      write: (line) => void process.stderr.write(line),
      now: machineClock.now,
    })
    keepFreedMemory()
    const { start } = await import('../start.ts')
    const standpipe = await start({ ...settings, data: resolve(settings.data), log }).catch(
      (error: unknown) => {
        throw startFailureOf(error, settings)
      },
    )
    if (!LOOPBACK.test(settings.host))
      log.warn('whoever reaches this port can use it: signatures are not verified', { host: settings.host })
    const { endpoint, restored } = standpipe
    if (json)
      out(
        JSON.stringify({
          message: 'Ready.',
          endpoint,
          restored,
          ...withoutSecrets(settings),
          port: standpipe.port,
        }),
      )
    else for (const line of bannerLines({ settings, endpoint, port: standpipe.port, restored })) out(line)

    const reason = await stopRequest(env)
    log.info('stopping', { reason })
    const isClosed = await Promise.race([
      standpipe.close().then(() => true),
      pause(CLOSE_WITHIN_MS).then(() => false),
    ])
    if (!isClosed)
      err(`standpipe start: not closed within ${CLOSE_WITHIN_MS / 1000} s; what was acknowledged is safe`)
    // Sockets and timers that somebody keeps open must not keep a closed server alive.
    process.exit(isClosed ? EXIT.ok : EXIT.failure)
  },
})
