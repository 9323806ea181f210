import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { WireRequest, WireResponse } from './listener-exchange.ts'

/**
 * Ends HTTP/1.1's connections on which nothing moved for `idleMs` while it was the client's turn: to send the rest of a
 * body that nobody reads any more, to take an answer, or to ask again. Whoever waits for a body is told by the
 * request's `timeout` and answers; while this server works, it is nobody's fault that nothing moves.
 */
export function endIdle(
  http1: Server,
  idleMs: number,
): (request: WireRequest, response: WireResponse) => void {
  const responses = new WeakMap<Socket, WireResponse>()
  http1.timeout = idleMs
  http1.on('timeout', (socket) => {
    const response = responses.get(socket)
    const isOurTurn = response && !response.writableEnded && response.writableLength === 0
    if (!isOurTurn) socket.destroy()
  })
  return ({ socket }, response) => responses.set(socket, response)
}
