import { resolve } from 'node:path'
import { pause } from '../../clock/machine-time.ts'
import {
  defaultSettings,
  limitsOf,
  SETTINGS,
  type SettingName,
  type Settings,
  withoutSecrets,
} from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import type { Standpipe } from '../../start.ts'
import { CommandFailure, command, EXIT, machineClock } from '../command.ts'
import { countText, policiesText } from '../terminal-text.ts'

/** What is under way may take this long after a signal. */
const CLOSE_WITHIN_MS = 10_000

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
    const { start } = await import('../../start.ts')
    const standpipe = await start({ ...settings, data: resolve(settings.data), log }).catch(
      (error: unknown) => {
        throw startFailureOf(error, settings)
      },
    )
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

const DATA_FOLDER_EXITS: Readonly<Record<string, number>> = {
  Busy: EXIT.busy,
  UnknownVersion: EXIT.unknownVersion,
  Damaged: EXIT.damaged,
}

/** A user's mistake or the machine's state as one line and an exit code; anything else stays the error it is. */
export function startFailureOf(error: unknown, { host, port }: Pick<Settings, 'host' | 'port'>): unknown {
  if (!(error instanceof Error)) return error
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name === 'DataFolderError')
    return new CommandFailure(message, DATA_FOLDER_EXITS[String(code)] ?? EXIT.failure)
  if (name === 'EngineError' && code === 'Damaged') return new CommandFailure(message, EXIT.damaged)
  switch (code) {
    case 'EADDRINUSE':
      return new CommandFailure(
        `port ${port} on ${host} is taken: stop what uses it ('standpipe doctor' says who), or give --port`,
        EXIT.busy,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandFailure(`${host} is no address of this machine: give another --host`)
    case 'EACCES':
    case 'ENOENT':
    case 'EPERM':
      return new CommandFailure(message)
    default:
      return /^ERR_(OSSL|SSL|TLS)/.test(code ?? '')
        ? new CommandFailure(`--tls-cert and --tls-key cannot be used: ${message}`)
        : error
  }
}

const LOOK_EVERY_MS = 500

/** Resolves when the process shall stop, with the reason. A second signal ends it at once. */
function stopRequest(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      resolve(signal)
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
    if (env.npm_lifecycle_event !== undefined) onParentGone(() => resolve('npm ended'))
  })
}

/** npm passes SIGTERM only to the shell that it runs a script in; the shell dies without passing it on. */
function onParentGone(gone: () => void): void {
  const parent = process.ppid
  const look = () => {
    if (process.ppid !== parent) gone()
    else machineClock.at(machineClock.now() + LOOK_EVERY_MS, look)
  }
  look()
}

const LARGE_BYTES = 16 * 1024 * 1024

/**
 * glibc gives the end of its heap back to the system as soon as 128 KiB there are free, and asks for it again with the
 * next buffer. Once something larger was freed, that limit is twice its size: mallopt(3), M_MMAP_THRESHOLD. Other
 * allocators do not mind.
 */
function keepFreedMemory(): void {
  new ArrayBuffer(LARGE_BYTES).transfer(0)
}

interface Started {
  readonly settings: Settings
  readonly endpoint: string
  readonly port: number
  readonly restored: Standpipe['restored']
}

/** What a user sees when the server is up; the last line is what others wait for. */
export function bannerLines({ settings, endpoint, port, restored }: Started): string[] {
  const { ephemeral, data, clock, timeTravel, s3Endpoint } = settings
  const portFlag = port === defaultSettings.port ? '' : ` --port ${port}`
  return [
    `Standpipe: Kinesis, Firehose and S3 on ${endpoint} (https on the same port)`,
    `  console   ${endpoint}/_standpipe/`,
    ephemeral
      ? '  data      in memory only (--ephemeral): gone when this process ends'
      : `  data      ${resolve(data)}, durable: what is acknowledged is on disk`,
    ...(ephemeral ? [] : [`  restored  ${restoredText(restored)}`]),
    ...(restored.policies === 0
      ? []
      : [`  policies  ${policiesText(restored.policies, restored.arePoliciesEnforced)}`]),
    ...(s3Endpoint === undefined ? [] : [`  delivery  to ${s3Endpoint}, instead of the S3 in here`]),
    `  clock     ${clock === 'manual' ? 'manual: stands still' : 'real'}${timeTravel ? `; npx standpipe clock +5m${portFlag} moves it` : ', cannot be moved'}`,
    ...(settings.insecure ? ['  access    --insecure: whoever reaches the port may do everything'] : []),
    `  limits    ${limitsOf(settings) === 'aws' ? "AWS's, per shard and delivery stream" : 'off'}`,
    '',
    'Use it from another terminal:',
    `  eval "$(npx standpipe env${portFlag})"`,
    '  aws kinesis list-streams        # or boto3, or any AWS SDK',
    '',
    'Ready.',
  ]
}

function restoredText({ streams, deliveryStreams, channels, buckets }: Started['restored']): string {
  const kinds = [
    [streams, 'stream'],
    [deliveryStreams, 'delivery stream'],
    [channels, 'channel'],
    [buckets, 'bucket'],
  ] as const
  const found = kinds.filter(([count]) => count > 0).map(([count, kind]) => countText(count, kind))
  return found.join(', ') || 'nothing, it is new'
}
