import { createServer } from 'node:net'
import type { Settings } from '../../server/config.ts'
import { ask, askPatiently, endpointOf, type Health } from '../client/own-api.ts'
import { CommandFailure } from '../command.ts'
import { bytesText, clockText, countText } from '../terminal-text.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Whether a server answers, and if not, whether the port is free for one. */
export async function checkServer(settings: Settings): Promise<{ findings: Finding[]; health?: Health }> {
  try {
    const health = await ask<Health>(settings, 'health')
    const { version, status, problems, clock } = health
    return {
      health,
      findings: [
        status === 'ok'
          ? ok('server', `Standpipe ${version} answers on ${endpointOf(settings)}`)
          : fail('server', `Standpipe ${version} is ${status}`),
        ...problems.map(({ where, what }) => fail(where, what)),
        clock.offsetMs === 0
          ? ok('clock', clockText(clock))
          : warn('clock', `${clock.now}, ${clockText(clock)}; it stays ahead over restarts`),
      ],
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return { findings: [await checkPort(settings)] }
  }
}

interface Verification {
  readonly documents: number
  readonly blobs: number
  readonly unverifiable: number
  readonly bytes: number
  readonly damaged: readonly { readonly where: string; readonly what: string }[]
}

/** Has a running server read all that it keeps on disk. */
export async function verifyServer(settings: Settings): Promise<Finding[]> {
  const { documents, blobs, unverifiable, bytes, damaged } = await askPatiently<Verification>(
    settings,
    'api/verify',
    {},
  )
  if (damaged.length > 0) return damaged.map(({ where, what }) => fail(where, what))
  const unknown = unverifiable > 0 ? `; of ${unverifiable} nobody kept checksums` : ''
  return [
    ok(
      'verified',
      `${countText(documents, 'document')} and ${countText(blobs, 'blob')}, ${bytesText(bytes)} in all, are as they were written${unknown}`,
    ),
  ]
}

async function checkPort({ host, port }: Settings): Promise<Finding> {
  const code = await listenOnce(host, port)
  if (code === undefined) return warn('server', `not running; port ${port} is free: run 'standpipe start'`)
  if (code === 'EADDRINUSE')
    return fail('port', `${port} is taken by something that is not Standpipe: stop it, or give --port`)
  return fail('port', `${host}:${port} cannot be listened on (${code}): give another --host or --port`)
}

/** The code of the error, if listening fails. */
const listenOnce = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
