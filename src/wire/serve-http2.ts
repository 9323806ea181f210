import { createServer, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { idleTimeout, machineTimer } from '../clock/machine-time.ts'
import type { Handler } from './exchange.ts'

/** Connections may be silent for so many times longer than HTTP/1.1's: few clients open them anew without a word. */
const SILENT_ROUNDS = 10
/** As AWS's servers, more or less: clients open another connection beyond that. */
const MOST_STREAMS = 1_000
const STREAM_WINDOW_BYTES = 1024 * 1024
const SESSION_WINDOW_BYTES = 4 * 1024 * 1024
/** When all is to end, who is at nothing has so long for its goodbye. */
const GOODBYE_MS = 250

interface Open {
  /** That it is at. */
  requests: number
  /** Ends the connection so long from now, or later once it is at nothing; by default the patience. */
  readonly endInTime: (durationMs?: number) => void
}

/** HTTP/2, on the connections that are handed to it. `requests`: the events that `serve` is to hear. */
export function serveHttp2(serve: Handler, requests: readonly string[], patienceMs: number) {
  const sessions = new Map<ServerHttp2Session, Open>()
  let isClosing = false
  let handed: Socket | undefined
  const server = createServer({
    settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: MOST_STREAMS },
  })
  for (const event of requests) server.on(event, serve)
  server.on('session', (session) => {
    const open: Open = { requests: 0, endInTime: ending(handed!, () => open.requests === 0, patienceMs) }
    sessions.set(session, open)
    const heard = whenSilent(session, open, SILENT_ROUNDS * patienceMs)
    session.once('close', () => sessions.delete(session))
    session.once('goaway', () => open.endInTime())
    session.setLocalWindowSize(SESSION_WINDOW_BYTES)
    session.on('stream', (stream) => {
      open.requests++
      heard()
      stream.once('close', () => {
        open.requests--
        heard()
      })
    })
    if (isClosing) session.close()
  })
  return {
    hand(socket: Socket): void {
      // http2 does not end its half itself: every connection that its client just ends would stay in CLOSE-WAIT.
      socket.allowHalfOpen = false
      handed = socket
      server.emit('connection', socket)
      handed = undefined
    },
    /** Ends each after what it is at. */
    close(): void {
      isClosing = true
      for (const [session, open] of sessions) {
        session.close()
        open.endInTime(GOODBYE_MS)
      }
    },
  }
}

/**
 * Says goodbye to who is at nothing and says nothing for so long; tells who is to say that something was heard. Not
 * Node's own timeout of a session: that one is not cancelled at its end, and keeps it for as long as it lasts.
 */
function whenSilent(session: ServerHttp2Session, open: Open, silentMs: number): () => void {
  const silence = idleTimeout(silentMs)
  silence.signal.addEventListener('abort', () => {
    session.close()
    open.endInTime()
  })
  const heard = () => {
    if (open.requests === 0 && !session.destroyed) silence.restart()
    else silence.stop()
  }
  session.on('ping', heard).on('remoteSettings', heard).once('close', silence.stop)
  heard()
  return heard
}

/**
 * Who was told all, or has said that it wants no more, has as long as the patience for its goodbye: Node would wait for
 * it for ever, and after some breaches of the protocol does not even notice that it has gone.
 */
function ending(socket: Socket, isIdle: () => boolean, patienceMs: number) {
  let cancel = () => {}
  let leftMs = patienceMs
  // Sessions outlive their connections: none is to keep its socket.
  let left: Socket | undefined = socket
  const endInTime = (durationMs = leftMs) => {
    leftMs = durationMs
    cancel()
    cancel = machineTimer(leftMs, () => {
      if (isIdle()) left?.destroy()
      else endInTime()
    })
  }
  socket.once('finish', () => endInTime())
  socket.once('close', () => {
    cancel()
    left = undefined
  })
  return endInTime
}
