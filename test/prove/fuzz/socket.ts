import { connect, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'

/** Bytes as a client sends them that knows nothing of HTTP, or all too much. */
export interface Sending {
  readonly pieces: readonly Buffer[]
  /** `end`: it has said all and reads on. `reset`: it goes without a word. */
  readonly ending: 'end' | 'reset'
  readonly isEncrypted: boolean
  /** So long its connection may stand, once its client has said all. */
  readonly patienceMs: number
}

/** What came back until the connection ended. */
export interface Heard {
  readonly bytes: Buffer
  /** The server ended it; false after the patience. */
  readonly isOver: boolean
}

/** So long an answer may take. */
export const PATIENCE_MS = 10_000
/**
 * Where there are bodies that do not come and answers that nobody takes, Node does not see who has gone: the server waits
 * 20 s for the one and then a minute for the other.
 */
export const STALLED_MS = 90_000
const MOST_BYTES = 4 * 2 ** 20

/** Sends the pieces one after another, and hears what is answered. */
export function talk(port: number, { pieces, ending, isEncrypted, patienceMs }: Sending): Promise<Heard> {
  return new Promise((resolve) => {
    const heard: Buffer[] = []
    let sizeBytes = 0
    const socket: Socket = isEncrypted
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] })
      : connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const settle = (isOver: boolean) => {
      socket.destroy()
      resolve({ bytes: Buffer.concat(heard), isOver })
    }
    socket.setTimeout(patienceMs, () => settle(false))
    socket.on('data', (bytes: Buffer) => {
      sizeBytes += bytes.length
      if (sizeBytes < MOST_BYTES) heard.push(bytes)
    })
    socket
      .on('end', () => settle(true))
      .on('error', () => settle(true))
      .on('close', () => settle(true))
    socket.on(isEncrypted ? 'secureConnect' : 'connect', () => void send(socket, pieces, ending))
  })
}

async function send(socket: Socket, pieces: readonly Buffer[], ending: Sending['ending']): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    socket.write(piece)
    // Each is a packet of its own.
    await new Promise(setImmediate)
  }
  if (socket.destroyed) return
  if (ending === 'end') socket.end()
  else if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
