import { free } from '../service/free.ts'
import type { StreamBody } from '../service/shape.ts'
import { requestTimeout } from './exceptions.ts'
import type { WireRequest } from './listener-exchange.ts'

/** So much is taken in before it is asked for. */
const WAITING_BYTES = 512 * 1024

/**
 * A request's body in the pieces in which it arrives: Readable's own iterator joins them first. Whoever stops early
 * still wants to answer, so the request outlives that.
 */
export function requestPieces(request: WireRequest, begin: () => void): StreamBody {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    begin()
    const waiting: Uint8Array[] = []
    let waitingBytes = 0
    let hasEnded = request.readableEnded
    let isGone = request.destroyed
    let isAwaited = false
    let isLate = false
    let wake = () => {}
    const arrived = (piece: Uint8Array) => {
      waiting.push(piece)
      waitingBytes += piece.length
      if (waitingBytes >= WAITING_BYTES) request.pause()
      wake()
    }
    const ended = () => {
      hasEnded = true
      wake()
    }
    const gone = () => {
      isGone = true
      wake()
    }
    const late = () => {
      if (!isAwaited) return
      isLate = true
      wake()
    }
    request.on('timeout', late)
    request.on('data', arrived).once('end', ended).once('aborted', gone).once('close', gone)
    try {
      for (;;) {
        const piece = waiting.shift()
        if (piece) {
          waitingBytes -= piece.length
          yield piece
        } else if (hasEnded) return
        else if (isGone) throw new Error('The client went away.')
        else if (isLate) throw requestTimeout()
        else {
          isAwaited = true
          await new Promise<void>((resolve) => {
            wake = resolve
            request.resume()
          })
          isAwaited = false
        }
      }
    } finally {
      request.off('timeout', late)
      request.off('data', arrived).off('end', ended).off('aborted', gone).off('close', gone)
    }
  }
  return Object.assign(pieces(), { release: free })
}
