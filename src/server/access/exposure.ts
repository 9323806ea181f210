import { isIPv4, isIPv6 } from 'node:net'
import { createGuard, type Mode } from '../../wire/guard/guard.ts'
import type { WireOptions } from '../../wire/wire.ts'
import { type Settings, UsageError } from '../config.ts'
import type { Log } from '../log.ts'

/** Whether only this machine reaches an address that is listened on. A name may mean anything, but for `localhost`. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.')
  if (isIPv6(host)) return host === '::1' || /^::ffff:127\./i.test(host)
  return host.toLowerCase() === 'localhost'
}

/** Throws UsageError where signatures are not verified and others could reach the port, unless that is wanted. */
export function checkExposure(
  { host, insecure }: Pick<Settings, 'host' | 'insecure'>,
  mode: Mode,
  log: Pick<Log, 'warn'>,
): void {
  if (mode === 'closed' || isLoopback(host)) return
  if (!insecure)
    throw new UsageError(
      `--host ${host} would let everybody in who reaches it, for signatures are not verified: close it with a key ('standpipe keys add NAME --admin') or --auth FILE, listen on 127.0.0.1, or say --insecure where that is wanted`,
    )
  log.warn('--insecure: whoever reaches this port may do everything, for signatures are not verified', {
    host,
  })
}

/** Whoever asks can ask under any name. */
const MOST_SAID = 100

/** Each sentence once, and so many that no stranger fills the log. */
function sayOnce(log: Pick<Log, 'warn'>): (sentence: string) => void {
  const said = new Set<string>()
  return (sentence) => {
    if (said.has(sentence) || said.size >= MOST_SAID) return
    said.add(sentence)
    log.warn(sentence)
  }
}

/** Who is let in at the port, as the settings say. Throws UsageError where that would be everybody. */
export function entranceOf(
  settings: Pick<Settings, 'host' | 'insecure' | 'allowHost' | 'allowOrigin' | 'trustedProxy'>,
  mode: Mode,
  log: Pick<Log, 'warn'>,
): Pick<WireOptions, 'guard' | 'trustedProxies' | 'onRefusal'> {
  checkExposure(settings, mode, log)
  const { host, allowHost, allowOrigin, trustedProxy } = settings
  return {
    guard: createGuard({
      mode,
      hosts: { isWide: !isLoopback(host), allowed: allowHost },
      allowedOrigins: allowOrigin,
    }),
    trustedProxies: trustedProxy,
    onRefusal: sayOnce(log),
  }
}
