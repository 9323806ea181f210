import type { Answer } from './exchange.ts'

/** What AWS's JSON services let pages read, and an object's ETag. */
const EXPOSED = 'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date,ETag'
const MAX_AGE_SECONDS = '172800'

/** The answer so that pages of `origin` may read it; a service's own word on that stays. */
export const readableBy = (origin: string, answer: Answer): Answer =>
  'access-control-allow-origin' in answer.headers
    ? answer
    : {
        ...answer,
        headers: {
          ...answer.headers,
          'access-control-allow-origin': origin,
          'access-control-expose-headers': EXPOSED,
          vary: 'Origin',
        },
      }

/** The page may do whatever it asks to do. */
export function preflightAnswer(headers: ReadonlyMap<string, string>, requestId: string): Answer {
  const wantedHeaders = headers.get('access-control-request-headers')
  const wantedMethod = headers.get('access-control-request-method')
  return {
    status: 200,
    headers: {
      'x-amzn-requestid': requestId,
      'access-control-max-age': MAX_AGE_SECONDS,
      ...(wantedHeaders !== undefined && { 'access-control-allow-headers': wantedHeaders }),
      // Older Chromium asks so before a page of the internet may reach this machine.
      ...(headers.has('access-control-request-private-network') && {
        'access-control-allow-private-network': 'true',
      }),
      ...(wantedMethod !== undefined && { 'access-control-allow-methods': wantedMethod }),
    },
  }
}
