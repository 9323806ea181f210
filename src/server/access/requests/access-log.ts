import type { Observation } from '../../../service/invoke.ts'
import type { Caller } from '../../../service/operation.ts'
import type { Answered } from '../../../wire/answered.ts'
import { resourceIn } from './requested-resource.ts'

/** What is known of a request before it is answered. */
export interface Notes {
  readonly service: string
  readonly operation: string
  readonly resource?: string | undefined
  readonly principal: Caller['principal']
}

/** Requests that ask leave and are never answered are none; should there be any, the oldest are forgotten. */
const MOST_NOTES = 10_000

/** A request that is over, with what is known of it. */
export interface ToldRequest {
  readonly answered: Answered
  readonly known: Notes | undefined
}

/**
 * Puts together what is told of each request: who, what, on what, and what became of it. No payloads, no queries, no
 * headers. The resource is the first that the caller was judged by, or, where nobody is judged, what the request names.
 */
export function createRequestNotes(tell: (request: ToldRequest) => void) {
  const notes = new Map<string, Notes>()
  const note = (requestId: string, noted: Notes) => {
    const before = notes.get(requestId)
    notes.set(requestId, { ...noted, resource: before?.resource ?? noted.resource })
    if (notes.size > MOST_NOTES) notes.delete(notes.keys().next().value!)
  }
  return {
    /** A caller asks leave: `kinesis:PutRecord` on an ARN. */
    asked(
      { requestId, principal }: Caller,
      { action, resource }: { action: string; resource: string },
    ): void {
      if (notes.has(requestId)) return
      const [service = '', operation = ''] = action.split(':')
      note(requestId, { service, operation, resource, principal })
    },
    /** An operation was called. */
    called({ service, operation, caller, input }: Observation): void {
      const { requestId, principal } = caller
      note(requestId, { service, operation, resource: resourceIn(input, caller), principal })
    },
    answered(answered: Answered): void {
      const known = notes.get(answered.requestId)
      notes.delete(answered.requestId)
      tell({ answered, known })
    },
  }
}

export type RequestNotes = ReturnType<typeof createRequestNotes>

/** The access log's line of JSON. */
export function accessLine({ answered, known }: ToldRequest): string {
  const { at, requestId, address, method, durationMs, status, code } = answered
  const { accessKeyId = known?.principal.accessKeyId, principal = known?.principal.arn } = answered
  return JSON.stringify({
    time: new Date(at).toISOString(),
    ...{ requestId, address },
    accessKeyId: accessKeyId || undefined,
    principal: principal || undefined,
    ...{ service: known?.service, operation: known?.operation, resource: known?.resource },
    ...{ method, status: status ?? null, code, durationMs },
  })
}

/** The fields of the log's line at level debug, whose message is what was asked for. */
export function debugFields({ answered, known }: ToldRequest): Readonly<Record<string, unknown>> {
  const { requestId, account, status, code, message, durationMs } = answered
  return {
    ...{ status: status ?? 'gone', durationMs, requestId, account },
    ...(known?.resource !== undefined && { resource: known.resource }),
    ...(code !== undefined && { code, failure: message }),
  }
}
