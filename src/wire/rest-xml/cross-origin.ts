import { isAnswer } from '../../service/invoke.ts'
import type { CrossOriginRequest } from '../../service/operation.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { askerOf, isLink } from '../guard/foreign.ts'
import { accessRefused, type Visitor } from '../guard/guard.ts'
import { addressIn, type RestBound } from './match.ts'

/**
 * What comes back was written by anybody and may say of itself that it is a page or a script: a browser shows it in a
 * sandbox, of no origin and without scripts.
 */
export const sandboxed = (embedding: Visitor['embedding']): Answer['headers'] => ({
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': embedding,
})

/** It reads from another place, for which the rules of the one that is written to do not speak. */
const COPY_SOURCE = 'x-amz-copy-source'

/**
 * Throws AccessDenied for a page of another origin, unless the service's rules let it do this, or it only links to an
 * object. A preflight passes: these rules are all that it asks for.
 */
export async function refuseForeign(bound: RestBound, exchange: Exchange): Promise<void> {
  const { method, headers, visitor } = exchange
  if (visitor.foreign === undefined) return
  if (method === 'OPTIONS' && bound.service.crossOrigin) return
  const { labels } = addressIn(bound.service, exchange)
  if (labels.Key !== undefined && isLink(method, headers)) return
  const wish = { labels, origin: askerOf(headers), method, headers: [], isPreflight: false }
  const answered = headers.has(COPY_SOURCE) ? {} : await rulesFor(bound, wish)
  if (!('access-control-allow-origin' in answered)) throw accessRefused('rest', visitor.foreign)
}

/** OPTIONS: whether a page of another origin may do what it is about to. */
export const preflightAnswer = async (bound: RestBound, exchange: Exchange): Promise<Answer> => ({
  status: 200,
  headers: await bound.crossOrigin({ ...wishOf(bound, exchange), isPreflight: true }),
})

/** What an answer to a page of another origin carries, an error too. */
export async function crossOriginHeaders(
  bound: RestBound | undefined,
  exchange: Exchange,
): Promise<Answer['headers']> {
  if (!bound || exchange.method === 'OPTIONS' || !exchange.headers.has('origin')) return {}
  const { method = exchange.method, ...wish } = wishOf(bound, exchange)
  return await rulesFor(bound, { ...wish, method, isPreflight: false })
}

/** Nothing where there is nothing that could have rules. */
async function rulesFor(bound: RestBound, request: CrossOriginRequest): Promise<Answer['headers']> {
  try {
    return await bound.crossOrigin(request)
  } catch (failure) {
    if (isAnswer(failure)) return {}
    throw failure
  }
}

/** The headers of a preflight count wherever they stand: an actual request is judged by them too. */
function wishOf({ service }: RestBound, exchange: Exchange): Omit<CrossOriginRequest, 'isPreflight'> {
  const { headers } = exchange
  return {
    labels: addressIn(service, exchange).labels,
    origin: headers.get('origin'),
    method: headers.get('access-control-request-method'),
    headers: wordsOf(headers.get('access-control-request-headers')),
  }
}

const wordsOf = (header = ''): string[] =>
  header
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
