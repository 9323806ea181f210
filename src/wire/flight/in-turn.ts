import type { Socket } from 'node:net'
import type { Handler, WireRequest, WireResponse } from '../exchange.ts'

/** So many requests of a connection wait for their turn; whoever sends more is read when these have had theirs. */
const MOST_WAITING = 32

interface Turn {
  readonly request: WireRequest
  readonly response: WireResponse
}

interface Line {
  readonly waiting: Turn[]
  isPaused: boolean
}

/**
 * The requests of one HTTP/1.1 connection one after another: a client that sends the next before it has the answer
 * (pipelining) means what it would have meant had it waited. https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2
 */
export function inTurn(handle: Handler): Handler {
  const lines = new WeakMap<Socket, Line>()
  const begin = (socket: Socket, { request, response }: Turn) => {
    handle(request, response)
    // After the others who want to know that it is over.
    response.once('close', () => next(socket))
  }
  const next = (socket: Socket) => {
    const line = lines.get(socket)!
    const turn = line.waiting.shift()
    if (line.isPaused && line.waiting.length < MOST_WAITING / 2) {
      line.isPaused = false
      socket.resume()
    }
    if (!turn || socket.destroyed) lines.delete(socket)
    else begin(socket, turn)
  }
  return (request, response) => {
    const { socket } = request
    const line = lines.get(socket)
    if (!line) {
      lines.set(socket, { waiting: [], isPaused: false })
      begin(socket, { request, response })
      return
    }
    line.waiting.push({ request, response })
    if (line.isPaused || line.waiting.length < MOST_WAITING) return
    line.isPaused = true
    socket.pause()
  }
}
