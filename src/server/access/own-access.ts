import type { Ask } from '../../api/asks.ts'
import type { AccessPort, Scoped, SessionPort } from '../../api/ports.ts'
import type { Credentials } from '../../auth/credentials.ts'
import { onStream } from '../../kinesis/accesses.ts'
import { accessTo } from '../../s3/accesses.ts'
import type { Access } from '../../service/access.ts'
import { formatArn, partitionOf } from '../../service/arn.ts'
import { ServiceException } from '../../service/exception.ts'
import type { Caller } from '../../service/operation.ts'
import type { OwnRequest } from '../../wire/own-routes.ts'
import type { Settings } from '../config.ts'
import { scopeOf } from '../scope.ts'
import { isLoopback } from './exposure.ts'
import type { Noted } from './noted.ts'
import type { Served } from './served.ts'

interface OwnAccessOptions {
  readonly settings: Pick<Settings, 'account' | 'openMetrics' | 'host'>
  readonly services: () => Served
  readonly sessions: SessionPort
  /** Whose session an unsigned request brings. */
  readonly callerOfSession: (request: Omit<OwnRequest, 'body'>) => Promise<Caller | undefined>
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
  readonly credentials: Pick<Credentials, 'find'>
  readonly noted: Noted
}

/** Who may do what by our own API. */
export function createOwnAccess(options: OwnAccessOptions): AccessPort {
  const { settings, services, sessions, callerOfSession, credentials, machineNow, noted } = options
  /** Undefined in open mode. */
  const authority = () => services().authority
  const refusalOf = async (request: Scoped, asks: readonly Ask[]): Promise<string | undefined> => {
    const judge = authority()?.judgeFor(request.caller)
    for (const ask of asks) {
      if (!judge && 'of' in ask) noted(request.caller, ownAccess(ask, request, settings.account))
      if (!judge) continue
      for (const access of await accessesOf(ask, request)) {
        const denial = await judge(access)
        if (denial) return denial.message
      }
    }
    return undefined
  }
  async function accessesOf(ask: Ask, request: Scoped): Promise<readonly Access[]> {
    if ('of' in ask) return [ownAccess(ask, request, settings.account)]
    const { kinesis, s3 } = services()
    if ('object' in ask) return [await accessTo(s3, request.caller, { action: ask.action, ...ask.object })]
    const name = ask.action.replace('kinesis:', '')
    return await onStream(kinesis, name, { ...scopeOf(request), streamName: ask.stream })
  }
  const isAllowed: AccessPort['isAllowed'] = async (request, asks) =>
    (await refusalOf(request, asks)) === undefined
  async function isStillKnown(request: Omit<OwnRequest, 'body'>): Promise<boolean> {
    const { signature, principal } = request.caller
    if (signature === undefined) return (await callerOfSession(request)) !== undefined
    const { isActive, expiresAt = Number.POSITIVE_INFINITY } =
      (await credentials.find(principal.accessKeyId)) ?? {}
    return isActive === true && machineNow() < expiresAt
  }
  return {
    get mode() {
      return authority() ? 'closed' : 'open'
    },
    isExposed: !isLoopback(settings.host),
    hasOpenMetrics: settings.openMetrics,
    get sessions() {
      return authority() && sessions
    },
    async authorize(request, asks) {
      const refusal = await refusalOf(request, asks)
      if (refusal !== undefined) throw new ServiceException('AccessDenied', refusal, 403)
    },
    stillMay: async (request, asks) =>
      !authority() || ((await isStillKnown(request)) && (await isAllowed(request, asks))),
    isAllowed,
  }
}

/** The server as a whole belongs to its own account: what is done to it, is done to everybody. */
function ownAccess(ask: Extract<Ask, { readonly of: string }>, request: Scoped, account: string): Access {
  const action = `standpipe:${ask.action}`
  if (ask.of === 'server') return { action, resource: '*', account }
  const scope = scopeOf(request)
  const { resource } = ask
  const arn =
    resource && formatArn({ partition: partitionOf(scope.region), service: 'standpipe', ...scope, resource })
  return { action, resource: arn ?? '*', account: scope.account }
}
