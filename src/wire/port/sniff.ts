import type { Socket } from 'node:net'

export type Protocol = 'http1' | 'http2' | 'tls'

const TLS_HANDSHAKE = 0x16
/** How HTTP/2's preface begins; no method of HTTP/1.1 does. */
const PREFACE = Buffer.from('PRI ')

/** What a connection speaks, by its first bytes; undefined while more are needed. */
export function protocolOf(bytes: Uint8Array): Protocol | undefined {
  if (bytes.length === 0) return undefined
  if (bytes[0] === TLS_HANDSHAKE) return 'tls'
  const length = Math.min(bytes.length, PREFACE.length)
  if (PREFACE.compare(bytes, 0, length, 0, length) !== 0) return 'http1'
  return length === PREFACE.length ? 'http2' : undefined
}

/**
 * Calls `decided` once, with the bytes put back as if nobody had looked; never if the connection ends before.
 *
 * Reading in 'readable' leaves the socket as http and http2 want it ('data' with pause() hangs http2). While more
 * bytes are needed they are held here: unshift() would fire 'readable' again for ever.
 */
export function sniff(socket: Socket, decided: (protocol: Protocol) => void): void {
  let held: Buffer = Buffer.alloc(0)
  const failed = () => socket.destroy()
  const ended = () => socket.destroy()
  const look = () => {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const protocol = protocolOf(held)
    if (protocol === undefined) return
    socket.off('readable', look).off('end', ended).off('error', failed)
    socket.unshift(held)
    decided(protocol)
  }
  socket.on('readable', look).on('end', ended).on('error', failed)
}
