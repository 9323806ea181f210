import type { SessionPort } from '../../../api/ports.ts'
import type { Credentials } from '../../../auth/credentials.ts'
import { createPossibleActions } from '../../../auth/possible-actions.ts'
import { systemRandom } from '../../../clock/random.ts'
import { ServiceException } from '../../../service/exception.ts'
import type { Caller } from '../../../service/operation.ts'
import type { OwnRequest } from '../../../wire/own-routes.ts'
import type { Noted } from '../noted.ts'
import { createSessions } from './sessions.ts'
import { createSignInThrottle } from './sign-in-throttle.ts'

const SIGN_IN = { action: 'standpipe:SignIn', resource: '*' }

type Request = Omit<OwnRequest, 'body'>

interface ConsoleSessionsOptions {
  readonly credentials: Credentials
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
  /** Is told who signs in and out. */
  readonly noted: Noted
  /** All that policies can speak of. */
  readonly actions: () => readonly string[]
}

/** The console's sessions, kept by the browser in a cookie that no script can read. */
export function createConsoleSessions(options: ConsoleSessionsOptions) {
  const { credentials, machineNow, noted, actions } = options
  const sessions = createSessions({ credentials, random: systemRandom })
  const throttle = createSignInThrottle()
  const possibleOf = createPossibleActions(credentials)
  const port: SessionPort = {
    async open(request, keys) {
      const { address } = request.caller.connection
      requirePrivacy(request)
      const now = machineNow()
      if (!throttle.lets(address, now)) {
        noted(request.caller, SIGN_IN)
        throw new ServiceException('TooManyRequestsException', 'Too many wrong keys: wait a minute.', 429)
      }
      const opened = await sessions.open(keys, now)
      const caller = opened ? asCaller(request.caller, opened.credential.principal) : request.caller
      noted(caller, SIGN_IN)
      if (!opened)
        throw new ServiceException('AccessDenied', 'The access key or its secret is not right.', 403)
      throttle.wasRight(address, now)
      const { text, expiresAt } = opened
      const setCookie = cookieOf(request, text, Math.floor((expiresAt - now) / 1000))
      return { setCookie, caller }
    },
    end(request) {
      noted(request.caller, { action: 'standpipe:SignOut', resource: '*' })
      for (const text of sessionsIn(request)) sessions.end(text, machineNow())
      return cookieOf(request, '', 0)
    },
    possible: ({ principal }) => possibleOf(principal, actions()),
  }
  return {
    port,
    /** Whose session an unsigned request brings. */
    async callerOf(request: Request): Promise<Caller | undefined> {
      for (const text of sessionsIn(request)) {
        const credential = await sessions.find(text, machineNow())
        if (credential) return asCaller(request.caller, credential.principal)
      }
      return undefined
    },
  }
}

const asCaller = (caller: Caller, principal: Caller['principal']): Caller => ({
  ...caller,
  account: principal.account,
  principal,
})

/** Over plain http everybody on the way could read the secret. */
function requirePrivacy({ caller: { connection } }: Request): void {
  if (connection.isEncrypted || isLoopback(connection.address)) return
  const message = 'Keys are not taken over plain http from another machine: use https, on the same port.'
  throw new ServiceException('HttpsRequired', message, 403)
}

/** Of an address that a socket tells, not of one that anybody wrote. */
const isLoopback = (address: string): boolean =>
  address === '::1' || address.replace(/^::ffff:/i, '').startsWith('127.')

/** Cookies know no ports: two servers on one machine must not put out each other's. */
function nameOf({ headers, caller: { connection } }: Request): string {
  const port = /:(\d+)$/.exec(headers.get('host') ?? '')?.[1]
  // `__Host-` would be sent with every request for an object, too: its path must be /.
  return `${connection.isEncrypted ? '__Secure-' : ''}standpipe-session${port === undefined ? '' : `-${port}`}`
}

function cookieOf(request: Request, text: string, maxAgeSeconds: number): string {
  const secure = request.caller.connection.isEncrypted ? '; Secure' : ''
  return `${nameOf(request)}=${text}; Path=/_standpipe; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`
}

/** Another server of this host may have left a cookie of the same name beside ours. */
function sessionsIn(request: Request): string[] {
  const name = nameOf(request)
  return (request.headers.get('cookie') ?? '')
    .split(/;\s*/)
    .map((pair) => pair.split('=', 2))
    .flatMap(([given, text]) => (given === name && text ? [text] : []))
}
