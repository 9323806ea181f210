import type { Bound } from '../service/invoke.ts'
import { isAnswer } from '../service/invoke.ts'
import type { CrossOriginRequest } from '../service/operation.ts'
import { bucketAddressOf } from './bucket-address.ts'
import { methodNotAllowed } from './exceptions.ts'
import type { Answer, Exchange } from './exchange.ts'

/** OPTIONS: whether a page of another origin may do what it is about to. */
export async function preflightAnswer(bound: Bound, exchange: Exchange): Promise<Answer> {
  if (!bound.service.crossOrigin) throw methodNotAllowed(exchange.method)
  const headers = await bound.crossOrigin({
    ...requestOf(exchange),
    method: exchange.headers.get('access-control-request-method'),
    headers: wordsOf(exchange.headers.get('access-control-request-headers')),
    isPreflight: true,
  })
  return { status: 200, headers }
}

/** What an answer to a page of another origin carries, an error too. */
export async function crossOriginHeaders(
  bound: Bound | undefined,
  exchange: Exchange,
): Promise<Readonly<Record<string, string>>> {
  if (!bound || exchange.method === 'OPTIONS') return {}
  try {
    const request = requestOf(exchange)
    return await bound.crossOrigin({ ...request, method: exchange.method, headers: [], isPreflight: false })
  } catch (failure) {
    if (isAnswer(failure)) return {}
    throw failure
  }
}

const requestOf = ({ headers, path }: Exchange): Pick<CrossOriginRequest, 'bucket' | 'origin'> => ({
  bucket: bucketAddressOf(headers.get('host') ?? '', path).bucket,
  origin: headers.get('origin'),
})

const wordsOf = (header = ''): string[] =>
  header
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
