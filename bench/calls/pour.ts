import { connect, type Socket } from 'node:net'

interface Pouring {
  readonly total: number
  /** Each has one request under way at a time. */
  readonly connections: number
}

/**
 * Sends prepared requests, one after the other in turn, until `total` are answered. Answers are counted by their
 * Content-Length and not looked into: this process is never the limit. Rejects unless every answer is 200.
 */
export async function pour(
  endpoint: string,
  requests: readonly Uint8Array[],
  { total, connections }: Pouring,
): Promise<void> {
  let next = 0
  const take = () => (next < total ? requests[next++ % requests.length] : undefined)
  await Promise.all(Array.from({ length: connections }, () => pourOne(endpoint, take)))
}

function pourOne(endpoint: string, take: () => Uint8Array | undefined): Promise<void> {
  const { hostname, port } = new URL(endpoint)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  return new Promise<void>((resolve, reject) => {
    const send = () => {
      const request = take()
      if (request) socket.write(request)
      else resolve()
    }
    socket.once('error', reject).once('close', () => reject(new Error('The server closed the connection.')))
    socket.once('connect', send)
    countAnswers(socket, send, reject)
  }).finally(() => socket.destroy())
}

/** Calls `answered` after each whole answer. */
function countAnswers(socket: Socket, answered: () => void, failed: (error: Error) => void): void {
  let head = ''
  let missingBytes = 0
  socket.on('data', (chunk: Buffer) => {
    if (missingBytes > 0) missingBytes -= chunk.length
    else {
      head += chunk.toString('latin1', 0, Math.min(chunk.length, 2_048))
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = /^content-length: *(\d+)/im.exec(head)?.[1]
      if (!head.startsWith('HTTP/1.1 200') || length === undefined)
        return failed(new Error(`not an answer to be counted: ${head.slice(0, 600)}`))
      const before = head.length - Math.min(chunk.length, 2_048)
      missingBytes = Number(length) - (chunk.length - (end + 4 - before))
      head = ''
    }
    if (missingBytes === 0) answered()
  })
}
