import type { Socket } from 'node:net'

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
