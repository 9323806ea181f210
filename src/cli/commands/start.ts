import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pause, steadyNow } from '../../clock/machine-time.ts'
import {
  defaultSettings,
  limitsOf,
  SETTINGS,
  type SettingName,
  type Settings,
  withoutSecrets,
} from '../../server/config.ts'
import { createLog, type Log } from '../../server/log.ts'
import type { Standpipe } from '../../start.ts'

import { command, EXIT, machineClock } from '../command.ts'
import { boundYoungGeneration, keepFreedMemory } from '../process-memory.ts'
import { startFailureOf } from '../start-failure.ts'
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
    boundYoungGeneration([env.NODE_OPTIONS, ...process.execArgv])
    outliveReaders()
    const starting = started(settings, log)
    const reread = () => {
      starting.then((standpipe) => standpipe.reread()).catch((error) => log.error(String(error)))
    }
    // From before it is ready: whoever rotates logs does not ask.
    const isRereader = settings.auth !== undefined || settings.accessLog !== undefined
    const stopHearing = isRereader ? onHangup(reread) : () => undefined
    const standpipe = await starting.catch((error: unknown) => {
      stopHearing()
      throw startFailureOf(error, settings)
    })
    const { endpoint, restored, access } = standpipe
    if (!isRereader && access.mode === 'closed') onHangup(reread)
    // Whoever waits for the banner may send a signal at its last line.
    const stopped = stopRequest(env)
    if (json)
      out(
        JSON.stringify({
          message: 'Ready.',
          endpoint,
          access: access.mode,
          restored,
          ...withoutSecrets(settings),
          port: standpipe.port,
        }),
      )
    else
      for (const line of bannerLines({ settings, endpoint, port: standpipe.port, restored, access }))
        out(line)

    const reason = await stopped
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

async function started(settings: Settings, log: Log): Promise<Standpipe> {
  const { start } = await import('../../start.ts')
  return await start({ ...settings, data: resolve(settings.data), log })
}

/**
 * SIGHUP ends a process, but for a closed server and one that has something to read again; Windows has it for a console that
 * is closed.
 */
function onHangup(reread: () => void): () => void {
  if (process.platform === 'win32') return () => undefined
  process.on('SIGHUP', reread)
  return () => void process.off('SIGHUP', reread)
}

/** Whoever reads what a server prints may go, and must not end it: cli.ts asks whether somebody hears of that. */
function outliveReaders(): void {
  process.on('SIGPIPE', () => undefined)
}

const LOOK_EVERY_MS = 500

/** Ctrl-C reaches every process of a terminal, and npm or a launcher pass on what they got: that is one signal. */
const SAME_SIGNAL_MS = 500

/** Resolves when the process shall stop, with the reason. A second signal ends it at once. */
function stopRequest(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((resolve) => {
    let first: number | undefined
    const onSignal = (signal: NodeJS.Signals) => {
      first ??= steadyNow()
      resolve(signal)
      if (steadyNow() - first < SAME_SIGNAL_MS) return
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      process.kill(process.pid, signal)
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
    if (env.npm_lifecycle_event !== undefined) onParentGone(() => resolve('npm ended'))
  })
}

/**
 * npm passes SIGTERM only to the shell that it runs a script in; the shell dies without passing it on. Where npm is
 * killed outright its shell goes on: then it is the shell that has lost its parent.
 */
function onParentGone(gone: () => void): void {
  const [parent, grandparent] = [process.ppid, parentOf(process.ppid)]
  const look = () => {
    if (process.ppid !== parent || parentOf(parent) !== grandparent) gone()
    else machineClock.at(machineClock.now() + LOOK_EVERY_MS, look)
  }
  look()
}

/** Undefined where that cannot be known, or the process is gone. */
function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)!.trim().split(' ')
    return Number(fields[1])
  } catch {
    return undefined
  }
}

interface Started {
  readonly settings: Settings
  readonly endpoint: string
  readonly port: number
  readonly restored: Standpipe['restored']
  readonly access: Standpipe['access']
}

/** What a user sees when the server is up; the last line is what others wait for. */
export function bannerLines({ settings, endpoint, port, restored, access }: Started): string[] {
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
    `  access    ${accessText(access, settings)}`,
    `  clock     ${clock === 'manual' ? 'manual: stands still' : 'real'}${timeTravel ? `; npx standpipe clock +5m${portFlag} moves it` : ', cannot be moved'}`,
    `  limits    ${limitsOf(settings) === 'aws' ? "AWS's, per shard and delivery stream" : 'off'}`,
    '',
    access.mode === 'open'
      ? 'Use it from another terminal:'
      : 'Use it from another terminal, with a key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY:',
    `  eval "$(npx standpipe env${portFlag})"`,
    '  aws kinesis list-streams        # or boto3, or any AWS SDK',
    '',
    'Ready.',
  ]
}

function accessText(access: Started['access'], { auth, insecure }: Settings): string {
  const { mode, fileKeys, madeKeys, otherKeys } = access
  const made = madeKeys > 0 ? `${countText(madeKeys, 'key')} in the folder` : ''
  if (mode === 'closed') {
    const others = otherKeys > 0 ? `${countText(otherKeys, 'key')} that IAM made` : ''
    const ofFile = auth === undefined ? '' : `${countText(fileKeys, 'key')} from ${auth}`
    return `closed: ${[ofFile, made, others].filter(Boolean).join(', ') || 'the keys of its program'}`
  }
  const where = insecure ? 'whoever reaches the port may do everything (--insecure)' : 'this machine only'
  const next = made && `; closed from the next start on: ${made}`
  return `open: any keys, ${where}${next}`
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
