import { once } from 'node:events'
import { createServer as createHttp1, type Server as HttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createFront, type Socket } from 'node:net'
import { createServer as createTls, type TLSSocket } from 'node:tls'
import { pause } from '../clock/machine-time.ts'
import type { Handler, WireRequest, WireResponse } from './exchange.ts'
import { createCrowd } from './flight/crowd.ts'
import { inTurn } from './flight/in-turn.ts'
import { serveHttp2 } from './serve-http2.ts'

export interface ListenOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** PEM texts; without them a TLS client is hung up on. */
  readonly tls?: Tls | undefined
  readonly handle: Handler
  /** How long a connection may stay silent when it is its client's turn, or take for the headers of a request: 30 s. */
  readonly patienceMs?: number
  /** Connections beyond so many are hung up on. */
  readonly mostConnections?: number
  /** Told when connections are hung up on because there are too many, and again when there is room. */
  readonly onCrowded?: (isCrowded: boolean) => void
  /** What goes wrong with the port itself while it is open. */
  readonly onError: (error: unknown) => void
}

export interface Tls {
  readonly key: string
  readonly cert: string
}

export interface Listener {
  readonly port: number
  /** How many connections there are. */
  connections(): number
  /** Those who connect from now on are shown another certificate. */
  renewTls(tls: Tls): void
  /** Accepts no more, finishes what is in flight, and ends every connection: at once if idle, else within `graceMs`. */
  close(graceMs?: number): Promise<void>
}

const PATIENCE_MS = 30_000
const REQUESTS = ['request', 'checkContinue', 'checkExpectation']
/** Longer than load balancers and SDKs keep an idle connection, so that they end it and not we. */
const KEEP_ALIVE_MS = 65_000
const GRACE_MS = 5_000
/** How often a silent client is asked by TCP whether it is still there. */
const PROBE_MS = 60_000
const READ_BYTES = 512 * 1024
const FRONT = {
  // As in node:http's own server: http ends its half itself, after what it has to say.
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: PROBE_MS,
  highWaterMark: READ_BYTES,
}

/**
 * One port for HTTP/1.1, HTTP/2 with prior knowledge, and both over TLS; the first bytes tell which.
 * Rejects with Node's error, e.g. of code EADDRINUSE, when the port cannot be had.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { handle, onError, patienceMs = PATIENCE_MS } = options
  const sockets = new Set<Socket>()
  const patience = createPatience(patienceMs)
  const crowd = createCrowd(options, () => sockets.size)
  let isClosing = false

  const serve: Handler = (request, response) => {
    response.once('close', () => {
      if (isClosing) http1.closeIdleConnections()
    })
    handle(request, response)
  }
  const http1 = serveHttp1(serve, patienceMs)
  const http2 = serveHttp2(serve, REQUESTS, patienceMs)
  const hand = (socket: Socket, protocol: 'http1' | 'http2') => {
    if (isClosing) socket.destroy()
    else if (protocol === 'http2') http2.hand(socket)
    else http1.emit('connection', socket)
  }
  /** Older Java SDKs send HTTP/2's preface without ALPN, so there too the first bytes tell. */
  const secured = (socket: TLSSocket) => {
    socket.once('close', () => patience.decided(socket))
    hear(socket, patience, (protocol) => {
      if (protocol === 'tls') return socket.destroy()
      if (protocol === 'http2') socket.alpnProtocol = 'h2'
      hand(socket, protocol)
    })
  }
  const tls = options.tls && createTls({ ...options.tls, ALPNProtocols: ['h2', 'http/1.1'] }, secured)
  const front = createFront(FRONT, (socket) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      crowd.left()
      patience.decided(socket)
    })
    hear(socket, patience, (protocol) => {
      if (protocol !== 'tls') return hand(socket, protocol)
      socket.allowHalfOpen = false
      if (tls) tls.emit('connection', socket)
      else socket.destroy()
    })
  })
  front.maxConnections = crowd.most
  front.on('drop', crowd.turnedAway)
  front.listen(options.port, options.host)
  await once(front, 'listening')
  front.on('error', onError)

  return {
    port: (front.address() as AddressInfo).port,
    connections: () => sockets.size,
    renewTls: (renewed) => tls?.setSecureContext(renewed),
    async close(graceMs = GRACE_MS) {
      isClosing = true
      const closed = new Promise<void>((resolve) => front.close(() => resolve()))
      http1.close()
      patience.end()
      http2.close()
      await orAfter(graceMs, closed, () => {
        for (const socket of sockets) socket.destroy()
      })
    },
  }
}

/**
 * Waits for what is to come, and does something about it when that takes long. Real time: whoever closes waits for it,
 * even when the clock stands still. And it keeps the process alive: a socket that nobody reads does not, and what is to
 * be closed after us would not be.
 */
async function orAfter(graceMs: number, toCome: Promise<void>, act: () => void): Promise<void> {
  const over = new AbortController()
  // It was in time.
  pause(graceMs, over.signal).then(act, () => undefined)
  await toCome
  over.abort()
}

/** Waits for what a connection speaks, as long as there is patience. */
function hear(socket: Socket, patience: Patience, decided: (protocol: Protocol) => void): void {
  patience.waitFor(socket)
  sniff(socket, (protocol) => {
    patience.decided(socket)
    decided(protocol)
  })
}

/** HTTP/1.1, on the connections that are handed to it. */
function serveHttp1(serve: Handler, patienceMs: number): HttpServer {
  const server = createHttp1({
    requestTimeout: 0,
    headersTimeout: patienceMs,
    connectionsCheckingInterval: patienceMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  })
  const watch = endIdle(server, patienceMs)
  const watched = inTurn((request, response) => {
    watch(request, response)
    serve(request, response)
  })
  // Of expectations AWS knows 100-continue, and overlooks the others.
  for (const event of REQUESTS) server.on(event, watched)
  // A server that never listens starts its header timeout only when told that it does.
  server.emit('listening')
  return server
}

type Protocol = 'http1' | 'http2' | 'tls'

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
function sniff(socket: Socket, decided: (protocol: Protocol) => void): void {
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

interface Patience {
  waitFor(socket: Socket): void
  decided(socket: Socket): void
  /** Ends them all. */
  end(): void
}

/**
 * Ends connections that stay silent: each is let live for one to two rounds. One timer serves them all, because a
 * timer for each would outlive most connections. It is the machine's: sockets do not wait for the virtual clock.
 */
function createPatience(roundMs: number): Patience {
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

/**
 * Ends HTTP/1.1's connections on which nothing moved for `idleMs` while it was the client's turn: to send the rest of a
 * body that nobody reads any more, or to ask again. Whoever waits for a body is told by the request's `timeout` and
 * answers; while this server works, it is nobody's fault that nothing moves, and who does not take an answer is
 * flight/'s to end.
 */
function endIdle(http1: Server, idleMs: number): (request: WireRequest, response: WireResponse) => void {
  const responses = new WeakMap<Socket, WireResponse>()
  http1.timeout = idleMs
  http1.on('timeout', (socket) => {
    const response = responses.get(socket)
    if (!response || response.writableFinished) socket.destroy()
  })
  return ({ socket }, response) => responses.set(socket, response)
}
