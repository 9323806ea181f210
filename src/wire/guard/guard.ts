/**
 * The browser is not a client unless it is ours: whether a request may go on, as far as that can be told before its
 * service is asked. Clients of AWS never send what browsers send, so that nothing of this concerns them but the Host.
 */
import { ServiceException } from '../../service/exception.ts'
import { askerOf, isForeign, isLink, originOf } from './foreign.ts'
import { hostNameOf, isHostName, isKnownHost, type KnownHosts } from './host.ts'

/** `open`: whoever reaches the port may do everything. `closed`: every signature is verified, and decides. */
export type Mode = 'open' | 'closed'

export interface GuardOptions {
  readonly mode: Mode
  readonly hosts: KnownHosts
  /** Origins whose pages may call the AWS services in open mode, as browsers write them. */
  readonly allowedOrigins: readonly string[]
}

export type SpokenProtocol = 'own' | 'json' | 'query' | 'rest'

export interface Visit {
  readonly protocol: SpokenProtocol
  readonly method: string
  readonly path: string
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  readonly isEncrypted: boolean
}

/** What is known of a web page that may be behind a request. */
export interface Visitor {
  /** Why the request must not be answered. */
  readonly refusal?: string
  /** REST: why it must not be answered, unless the service says that this origin may. */
  readonly foreign?: string
  /** The origin whose pages may read the answer. */
  readonly grantedTo?: string
  /** Who may embed the answer: the value of Cross-Origin-Resource-Policy. */
  readonly embedding: 'same-origin' | 'cross-origin'
}

export type Guard = (visit: Visit) => Visitor

/** Probes may come under any name. */
const FOR_ANY_HOST = /^\/(?:_standpipe\/(?:health|ready)|_localstack\/health)$/
const PROBES = /^\/(?:_standpipe\/(?:health|ready|metrics)|_localstack\/health)$/
const OWN_API = '/_standpipe/api/'

const OURS: Visitor = { embedding: 'same-origin' }
const ANYBODY: Visitor = { embedding: 'cross-origin' }
const refused = (refusal: string): Visitor => ({ refusal, embedding: 'same-origin' })

export function createGuard({ mode, hosts, allowedOrigins }: GuardOptions): Guard {
  const strangeHost = ({ headers }: Visit): Visitor | undefined => {
    const host = headers.get('host') ?? ''
    return isKnownHost(host, hosts) ? undefined : refused(unknownHost(hostNameOf(host)))
  }

  /** What is ours is for our own pages only, whoever is let in elsewhere; but a link may lead to a page. */
  function toOwn(visit: Visit): Visitor {
    const { method, path, headers } = visit
    // A signature is verified before anything else is done, and tells more than a name.
    const isSigned = mode === 'closed' && headers.has('authorization')
    const strange = FOR_ANY_HOST.test(path) || isSigned ? undefined : strangeHost(visit)
    if (strange) return strange
    const own = ownOrigin(visit)
    if (!isForeign(headers, () => own) || PROBES.test(path)) return OURS
    if (!path.startsWith(OWN_API) && isLink(method, headers)) return OURS
    return refused(notOurPage(askerOf(headers), own))
  }

  /** Where the signature decides, browsers are told of AWS's JSON services what AWS tells them: all may ask. */
  function toVerified({ protocol, headers }: Visit): Visitor {
    const origin = headers.get('origin')
    return protocol === 'json' && origin !== undefined ? { ...ANYBODY, grantedTo: origin } : ANYBODY
  }

  function toUnverified(visit: Visit): Visitor {
    const { protocol, headers } = visit
    const strange = strangeHost(visit)
    if (strange) return strange
    if (!isForeign(headers, () => ownOrigin(visit))) return OURS
    const asker = askerOf(headers)
    if (asker !== undefined && allowedOrigins.includes(asker)) return { ...ANYBODY, grantedTo: asker }
    const why = foreignPage(asker, protocol)
    return protocol === 'rest' ? { ...ANYBODY, foreign: why } : refused(why)
  }

  return (visit) =>
    visit.protocol === 'own' ? toOwn(visit) : mode === 'open' ? toUnverified(visit) : toVerified(visit)
}

const ownOrigin = ({ headers, isEncrypted }: Visit) =>
  originOf(isEncrypted ? 'https' : 'http', headers.get('host') ?? '')

/** Of 253 characters at most, and of none that mean anything to who prints it. */
const unknownHost = (name: string) =>
  isHostName(name)
    ? `Standpipe does not answer under the name '${name}': use localhost or an IP address, or start it with --allow-host ${name}.`
    : 'Standpipe does not answer under this name: use localhost or an IP address.'

/** What a page says that it is, if it is one. */
const named = (asker: string | undefined): string | undefined =>
  asker !== undefined && asker !== 'null' && asker.length < 300 && URL.parse(asker)?.origin === asker
    ? asker
    : undefined

const pageOf = (asker: string | undefined) =>
  named(asker) === undefined ? 'a page of another origin' : `a page of ${asker}`

const foreignPage = (asker: string | undefined, protocol: SpokenProtocol) => {
  const origin = named(asker) ?? 'ORIGIN'
  const rules = protocol === 'rest' ? ', or by the CORS rules of what it asks for' : ''
  return `Signatures are not verified here, so ${pageOf(asker)} may not call Standpipe: it is let in by --allow-origin ${origin}${rules}.`
}

function notOurPage(asker: string | undefined, own: string | undefined): string {
  const isOtherScheme = asker !== undefined && URL.parse(asker)?.host === URL.parse(own ?? '')?.host
  const proxy = isOtherScheme ? ' A proxy that ends TLS before it is named by --trusted-proxy.' : ''
  return `Standpipe's own pages and API are for pages of ${own ?? 'its own'} only, and not for ${pageOf(asker)}.${proxy}`
}

const CODES: Readonly<Record<SpokenProtocol, string>> = {
  own: 'Forbidden',
  json: 'AccessDeniedException',
  query: 'AccessDenied',
  rest: 'AccessDenied',
}

/** AWS's refusal, as the protocol calls it. Of 403 always: a preflight must not succeed. */
export const accessRefused = (protocol: SpokenProtocol, message: string): ServiceException =>
  new ServiceException(CODES[protocol], message, 403)
