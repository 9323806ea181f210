import { isIPv4, isIPv6 } from 'node:net'
import { createGuard, type Guard, type Mode } from '../wire/guard/guard.ts'
import { type Settings, UsageError } from './config.ts'
import type { Log } from './log.ts'

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
      `--host ${host} would let everybody in who reaches it, for signatures are not verified: listen on 127.0.0.1, or say --insecure where that is wanted`,
    )
  log.warn('--insecure: whoever reaches this port may do everything, for signatures are not verified', {
    host,
  })
}

/** Keeps out whom a browser should not have sent, as the settings say. */
export const guardOf = (
  { host, allowHost, allowOrigin }: Pick<Settings, 'host' | 'allowHost' | 'allowOrigin'>,
  mode: Mode,
): Guard =>
  createGuard({
    mode,
    hosts: { isWide: !isLoopback(host), allowed: allowHost },
    allowedOrigins: allowOrigin,
  })
