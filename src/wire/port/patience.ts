import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { WireRequest, WireResponse } from './messages.ts'

export interface Patience {
  waitFor(socket: Socket): void
  decided(socket: Socket): void
  /** Ends them all. */
  end(): void
}

/**
 * Ends connections that stay silent: each is let live for one to two rounds. One timer serves them all, because a
 * timer for each would outlive most connections. It is the machine's: sockets do not wait for the virtual clock.
 */
export function createPatience(roundMs: number): Patience {
  let waiting = new Set<Socket>()
  let overdue = new Set<Socket>()
  let isRunning = false
  const run = () => {
    isRunning = true
    AbortSignal.timeout(roundMs).addEventListener('abort', () => {
      isRunning = false
      for (const socket of overdue) socket.destroy()
      overdue = waiting
      waiting = new Set()
      if (overdue.size > 0) run()
    })
  }
  return {
    waitFor(socket) {
      waiting.add(socket)
      if (!isRunning) run()
    },
    decided(socket) {
      waiting.delete(socket)
      overdue.delete(socket)
    },
    end() {
      for (const socket of [...waiting, ...overdue]) socket.destroy()
    },
  }
}

/** Readers may be slow to take an answer: they work on what they have of it. */
const TO_TAKE_AN_ANSWER = 10

/**
 * Ends HTTP/1.1's connections on which nothing moved for `idleMs` while it was the client's turn: to send the rest of a
 * body that nobody reads any more, to ask again, or, for ten times as long, to take an answer. Whoever waits for a body
 * is told by the request's `timeout` and answers; while this server works, it is nobody's fault that nothing moves.
 */
export function endIdle(
  http1: Server,
  idleMs: number,
): (request: WireRequest, response: WireResponse) => void {
  const responses = new WeakMap<Socket, WireResponse>()
  const untaken = new WeakSet<WireResponse>()
  http1.timeout = idleMs
  http1.on('timeout', (socket) => {
    const response = responses.get(socket)
    if (response && !response.writableEnded && response.writableLength === 0) return
    if (!response || response.writableFinished || untaken.has(response)) return socket.destroy()
    untaken.add(response)
    socket.setTimeout(TO_TAKE_AN_ANSWER * idleMs)
  })
  return ({ socket }, response) => responses.set(socket, response)
}
