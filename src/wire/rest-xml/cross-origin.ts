import { bucketAddressOf } from '../../s3/dialect/bucket-address.ts'
import type { Bound } from '../../service/invoke.ts'
import { isAnswer } from '../../service/invoke.ts'
import type { CrossOriginRequest } from '../../service/operation.ts'
import { methodNotAllowed } from '../exceptions.ts'
import type { Answer, Exchange } from '../exchange/exchange.ts'

/** OPTIONS: whether a page of another origin may do what it is about to. */
export async function preflightAnswer(bound: Bound, exchange: Exchange): Promise<Answer> {
  if (!bound.service.crossOrigin) throw methodNotAllowed(exchange.method)
  return { status: 200, headers: await bound.crossOrigin({ ...wishOf(exchange), isPreflight: true }) }
}

/** What an answer to a page of another origin carries, an error too. */
export async function crossOriginHeaders(
  bound: Bound | undefined,
  exchange: Exchange,
): Promise<Readonly<Record<string, string>>> {
  if (!bound || exchange.method === 'OPTIONS') return {}
  try {
    const { method = exchange.method, ...wish } = wishOf(exchange)
    return await bound.crossOrigin({ ...wish, method, isPreflight: false })
  } catch (failure) {
    if (isAnswer(failure)) return {}
    throw failure
  }
}

/** The headers of a preflight count wherever they stand: S3 judges an actual request by them too. */
function wishOf({ headers, path }: Exchange): Omit<CrossOriginRequest, 'isPreflight'> {
  const { bucket, key } = bucketAddressOf(headers.get('host') ?? '', path)
  return {
    bucket,
    key,
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
