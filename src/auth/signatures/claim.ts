import { isRegionName, partitionOf } from '../../service/arn.ts'
import type { RequestHead } from '../../service/signing/authentication.ts'
import { basicTime, parseBasicTime } from '../../service/signing/basic-time.ts'
import { headerFault, queryFault } from '../../service/signing/form.ts'
import { ALGORITHM, SCOPE_END, type Scope } from '../../service/signing/signing-key.ts'
import type { Credential } from '../credentials.ts'
import type { Refusals, WrongScope } from './refusals.ts'
import { isSame } from './same.ts'

/** What a signature says of itself, read and not judged. */
export interface Claim {
  readonly place: 'header' | 'query'
  readonly accessKeyId: string
  readonly scope: Scope
  /** The last part of the scope. */
  readonly terminator: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** When it was signed, as it says it and as in `20260102T030405Z`. */
  readonly given: string
  readonly time: string
  /** ms since 1970. */
  readonly signedAt: number
}

const VERSION_4A = 'AWS4-ECDSA-P256-SHA256'

/** Signature Version 4 in the header. Throws what is wrong with its form. */
export function headerClaim({ headers }: RequestHead, refusals: Refusals): Claim {
  const authorization = headers.get('authorization')!
  const space = authorization.indexOf(' ')
  const algorithm = space < 0 ? authorization : authorization.slice(0, space)
  if (algorithm === VERSION_4A) throw refusals.version4A()
  if (algorithm !== ALGORITHM) throw algorithmRefusal(authorization, headers, refusals)
  const credential = partOf(authorization, 'Credential=')
  const names = partOf(authorization, 'SignedHeaders=')
  const signature = partOf(authorization, 'Signature=')
  if (credential === '' || names === '' || signature === '')
    throw refusals.incomplete(headerFault(authorization, headers) ?? '')
  return {
    place: 'header',
    ...scopeIn(credential, 'header', refusals),
    signedHeaders: names.split(';'),
    signature,
    ...timeIn(headers, authorization, refusals),
  }
}

/** What follows a name, up to a comma or a space: clients separate the parts by either or both. */
function partOf(authorization: string, name: string): string {
  let at = authorization.indexOf(name)
  while (at > 0 && !isSeparator(authorization.charCodeAt(at - 1))) at = authorization.indexOf(name, at + 1)
  if (at <= 0) return ''
  const from = at + name.length
  let to = from
  while (to < authorization.length && !isSeparator(authorization.charCodeAt(to))) to++
  return authorization.slice(from, to)
}

const isSeparator = (code: number) => code === 0x20 || code === 0x2c || code === 0x09

/** SigV4 knows the parts of its header by name, so others lack them; where that is not how it is said, the algorithm is named. */
function algorithmRefusal(authorization: string, headers: RequestHead['headers'], refusals: Refusals) {
  const fault = headerFault(authorization, headers)
  return fault !== undefined && refusals.namesParts
    ? refusals.incomplete(fault)
    : refusals.algorithm(authorization)
}

/** Signature Version 4 in the query. Throws what is wrong with its form. */
export function queryClaim({ query }: RequestHead, refusals: Refusals): Claim {
  const algorithm = query.get('X-Amz-Algorithm')
  if (algorithm === VERSION_4A) throw refusals.version4A()
  const fault = queryFault(query)
  if (fault !== undefined) throw refusals.incomplete(fault)
  if (algorithm !== ALGORITHM) throw refusals.queryAlgorithm(algorithm!)
  const given = query.get('X-Amz-Date')!
  const signedAt = parseBasicTime(given)
  if (signedAt === undefined) throw refusals.date(given)
  return {
    place: 'query',
    ...scopeIn(query.get('X-Amz-Credential')!, 'query', refusals),
    signedHeaders: query.get('X-Amz-SignedHeaders')!.split(';'),
    signature: query.get('X-Amz-Signature')!,
    ...{ given, time: given, signedAt },
  }
}

export function scopeIn(
  credential: string,
  place: Claim['place'],
  refusals: Refusals,
): Pick<Claim, 'accessKeyId' | 'scope' | 'terminator'> {
  const parts = credential.split('/')
  const [accessKeyId, date, region, service, terminator] = parts
  if (parts.length !== 5 || !accessKeyId || !date || !region || !service || !terminator)
    throw refusals.credential(credential, place)
  return { accessKeyId, scope: { date, region, service }, terminator }
}

/** `X-Amz-Date`, else `Date`, which may be one of HTTP's. */
function timeIn(
  headers: RequestHead['headers'],
  authorization: string,
  refusals: Refusals,
): Pick<Claim, 'given' | 'time' | 'signedAt'> {
  const amzDate = headers.get('x-amz-date')
  const given = amzDate ?? headers.get('date')
  if (given === undefined) throw refusals.incomplete(headerFault(authorization, headers) ?? '', 'date')
  const basic = parseBasicTime(given)
  if (basic !== undefined) return { given, time: given, signedAt: basic }
  const signedAt = amzDate === undefined ? Date.parse(given) : Number.NaN
  if (Number.isNaN(signedAt)) throw refusals.date(given)
  return { given, time: basicTime(signedAt), signedAt }
}

/** An account lies in one partition: signed for another, what is denied in this one would have other names. */
export function checkScope(
  { scope, terminator, time, place }: Pick<Claim, 'scope' | 'terminator' | 'time' | 'place'>,
  refusals: Refusals,
  partition: string,
): void {
  const { date, region } = scope
  const [isRegion, isEnd, isDate] = [
    isRegionName(region) && partitionOf(region) === partition,
    terminator === SCOPE_END,
    time.slice(0, date.length) === date && date.length === 8,
  ]
  if (isRegion && isEnd && isDate) return
  const wrong: WrongScope = {
    ...(!isRegion && { region }),
    ...(!isEnd && { terminator }),
    ...(!isDate && { date: { scope: date, request: time } }),
  }
  throw refusals.scope(wrong, place)
}

/** Throws unless a temporary key came with its token, and any other without one. */
export function checkToken(
  given: string | undefined,
  key: Credential,
  refusals: Refusals,
  now: number,
): void {
  const { sessionToken, expiresAt, accessKeyId } = key
  if (sessionToken !== undefined && given === undefined) throw refusals.unknownKey(accessKeyId)
  if (given !== undefined && !isSame(given, sessionToken ?? '')) throw refusals.token(given)
  if (expiresAt !== undefined && now >= expiresAt) throw refusals.expiredToken(given ?? '')
}
