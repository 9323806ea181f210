import { free } from '../../service/memory/free.ts'
import type { StreamBody } from '../../service/shape.ts'
import { requestTimeout } from '../exceptions.ts'
import type { ExchangeFlight, RequestBody, WireRequest, WireResponse } from '../exchange.ts'

interface Coming {
  readonly request: WireRequest
  readonly flight: ExchangeFlight
  /** Answers `Expect: 100-continue`, the first time. */
  readonly accept: () => void
  readonly isOver: () => boolean
}

export function bodyOf(
  request: WireRequest,
  response: WireResponse,
  flight: ExchangeFlight,
  isOver: () => boolean,
): RequestBody {
  let isAwaited = request.headers.expect?.toLowerCase() === '100-continue'
  const accept = () => {
    if (isAwaited) response.writeContinue()
    isAwaited = false
  }
  const coming = { request, flight, accept, isOver }
  return { pieces: () => requestPieces(coming), whole: (limitBytes) => wholeBody(coming, limitBytes) }
}

function wholeBody({ request, flight, accept, isOver }: Coming, limitBytes: number) {
  accept()
  return new Promise<Uint8Array | undefined>((resolve, reject) => {
    let chunks: Uint8Array[] = []
    let sizeBytes = 0
    let isRefused = false
    const gone = () => reject(new Error('The client went away.'))
    const refuse = (error: unknown) => {
      isRefused = true
      chunks = []
      flight.awaitsNot()
      reject(error)
    }
    const late = () => refuse(requestTimeout())
    request.on('data', (chunk: Uint8Array) => {
      sizeBytes += chunk.length
      flight.arrived(chunk.length)
      if (isRefused) return
      if (sizeBytes > limitBytes) {
        chunks = []
        flight.becomes(0)
        return
      }
      chunks.push(chunk)
      const room = flight.take(chunk.length)
      if (typeof room === 'number') return
      request.pause()
      flight.awaitsNot()
      // The refusal is told to whoever waits for the body.
      void room.then(() => flight.awaits(late), refuse).finally(() => request.resume())
    })
    request.once('end', () => {
      flight.awaitsNot()
      request.off('aborted', gone).off('close', gone).off('timeout', late)
      if (sizeBytes > limitBytes) resolve(undefined)
      else resolve(joined(chunks, sizeBytes))
    })
    // It may have gone while its signature was verified: then no event will tell.
    if (isOver()) return gone()
    // Without 'aborted', what HTTP/2 got before a reset would look like the whole.
    request.once('aborted', gone).once('close', gone).once('timeout', late)
    flight.awaits(late)
  })
}

/** The chunks are nobody's any more. */
function joined(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const bytes = Buffer.concat(chunks, sizeBytes)
  chunks.forEach(free)
  return bytes
}

/** So much is taken in before it is asked for. */
const WAITING_BYTES = 512 * 1024
/** What whoever reads a body piece by piece holds of it: a small one whole. */
const READING_BYTES = 128 * 1024

/**
 * A request's body in the pieces in which it arrives: Readable's own iterator joins them first. Whoever stops early
 * still wants to answer, so the request outlives that.
 */
function requestPieces({ request, flight, accept, isOver }: Coming): StreamBody {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const room = flight.take(heldOf(request))
    if (typeof room !== 'number') await room
    accept()
    const waiting: Uint8Array[] = []
    let waitingBytes = 0
    // What HTTP/2 reset before anybody read it looks like a body that has ended.
    let isGone = request.destroyed || isOver()
    let hasEnded = !isGone && request.readableEnded
    let isAwaited = false
    let isLate = false
    let wake = () => {}
    const arrived = (piece: Uint8Array) => {
      waiting.push(piece)
      waitingBytes += piece.length
      flight.arrived(piece.length)
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
          flight.awaits(late)
          await new Promise<void>((resolve) => {
            wake = resolve
            request.resume()
          })
          isAwaited = false
          if (!isLate) flight.awaitsNot()
        }
      }
    } finally {
      request.off('timeout', late)
      request.off('data', arrived).off('end', ended).off('aborted', gone).off('close', gone)
    }
  }
  return Object.assign(pieces(), { release: free })
}

/** What is waiting to be asked for included. */
function heldOf({ headers }: WireRequest): number {
  const announced = Number(headers['content-length'])
  const most = READING_BYTES + WAITING_BYTES
  return announced >= 0 ? Math.min(announced, most) : most
}
