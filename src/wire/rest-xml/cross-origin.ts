import { isAnswer } from '../../service/invoke.ts'
import type { CrossOriginRequest } from '../../service/operation.ts'
import type { Answer, Exchange } from '../exchange/exchange.ts'
import { addressIn, type RestBound } from './match.ts'

/** OPTIONS: whether a page of another origin may do what it is about to. */
export const preflightAnswer = async (bound: RestBound, exchange: Exchange): Promise<Answer> => ({
  status: 200,
  headers: await bound.crossOrigin({ ...wishOf(bound, exchange), isPreflight: true }),
})

/** What an answer to a page of another origin carries, an error too. */
export async function crossOriginHeaders(
  bound: RestBound | undefined,
  exchange: Exchange,
): Promise<Readonly<Record<string, string>>> {
  if (!bound || exchange.method === 'OPTIONS') return {}
  try {
    const { method = exchange.method, ...wish } = wishOf(bound, exchange)
    return await bound.crossOrigin({ ...wish, method, isPreflight: false })
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
