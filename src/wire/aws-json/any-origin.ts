import type { Answer } from '../exchange/exchange.ts'

const EXPOSED = 'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date'
const MAX_AGE_SECONDS = '172800'

/** The AWS JSON services let every web page call them. */
export const corsHeadersOf = (headers: ReadonlyMap<string, string>): Readonly<Record<string, string>> =>
  headers.has('origin')
    ? { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED }
    : {}

/** They allow whatever the page asks for. */
export function preflightAnswer(headers: ReadonlyMap<string, string>): Answer {
  const wantedHeaders = headers.get('access-control-request-headers')
  const wantedMethod = headers.get('access-control-request-method')
  return {
    status: 200,
    headers: {
      'access-control-max-age': MAX_AGE_SECONDS,
      ...(wantedHeaders !== undefined && { 'access-control-allow-headers': wantedHeaders }),
      ...(wantedMethod !== undefined && { 'access-control-allow-methods': wantedMethod }),
    },
  }
}
