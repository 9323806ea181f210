import type { StreamBody } from '../service/shape.ts'
import { requestTimeout } from './exceptions.ts'
import type { WireRequest, WireResponse } from './listener-exchange.ts'
import { requestPieces } from './request-pieces.ts'

/** A request's body, read once: as it comes, or whole. Reading is what answers `Expect: 100-continue`. */
export interface RequestBody {
  pieces(): StreamBody
  /** undefined when there are more than `limitBytes`; the rest is then read and dropped. */
  whole(limitBytes: number): Promise<Uint8Array | undefined>
}

export function bodyOf(request: WireRequest, response: WireResponse): RequestBody {
  let isAwaited = request.headers.expect?.toLowerCase() === '100-continue'
  const accept = () => {
    if (isAwaited) response.writeContinue()
    isAwaited = false
  }
  return {
    pieces: () => requestPieces(request, accept),
    whole(limitBytes) {
      accept()
      return new Promise((resolve, reject) => {
        const chunks: Uint8Array[] = []
        let sizeBytes = 0
        const gone = () => reject(new Error('The client went away.'))
        const late = () => reject(requestTimeout())
        request.on('data', (chunk: Uint8Array) => {
          sizeBytes += chunk.length
          if (sizeBytes <= limitBytes) chunks.push(chunk)
          else chunks.length = 0
        })
        request.once('end', () => {
          request.off('aborted', gone).off('close', gone).off('timeout', late)
          if (sizeBytes > limitBytes) resolve(undefined)
          else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, sizeBytes))
        })
        // Without 'aborted', what HTTP/2 got before a reset would look like the whole.
        request.once('aborted', gone).once('close', gone).once('timeout', late)
      })
    },
  }
}
