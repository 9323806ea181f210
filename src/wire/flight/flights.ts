import { machineTimer, steadyNow } from '../../clock/machine-time.ts'
import type { ExchangeFlight, WireRequest, WireResponse } from '../exchange.ts'
import { type Account, createAccounts } from './accounts.ts'
import { type Arriving, isStalled, isTooSlow, type Sending } from './progress.ts'

/** How often it is looked whether somebody takes too long. */
const LOOK_MS = 1_000

/** Why a connection, or a stream of one, was ended. */
export type EndReason = 'stalled' | 'slow-body'

export interface FlightsOptions {
  readonly totalBytes: number
  /** Absent, it waits for as long as that takes: nothing is refused. */
  readonly patienceMs?: number
  /** The machine's own time, ms. */
  readonly now?: () => number
  readonly onRefused?: () => void
  readonly onEnded?: (reason: EndReason) => void
}

export interface FlightFigures {
  /** Held for requests: bodies that are read, answers that are not taken yet. */
  readonly bytes: number
  /** That are not answered yet, or whose answers are not taken. */
  readonly requests: number
  /** Of these, for how many there is no room yet. */
  readonly waiting: number
}

/** One request. */
export interface FlightOf extends ExchangeFlight {
  /** Nobody is at it any more; it is over once its body has gone and its answer was taken, or its client has gone. */
  served(): void
}

interface Open {
  readonly account: Account
  readonly response: WireResponse
  /** Undefined: its client has it all, or has gone. */
  sending: Sending | undefined
  arriving: Arriving
  late: (() => void) | undefined
  wasLate: boolean
}

/** Every request of a server that is in flight: what they hold together is bounded, and who makes no progress is ended. */
export function createFlights(options: FlightsOptions) {
  const { totalBytes, patienceMs = Number.POSITIVE_INFINITY } = options
  const { now = steadyNow, onRefused = nothing, onEnded = nothing } = options
  const accounts = createAccounts({ totalBytes, patienceMs, now, onRefused })
  const flights = new Set<Open>()
  let isWatched = false
  const look = () => {
    accounts.look()
    let moving: ReadonlySet<object> | undefined
    for (const one of flights) lookAt(one, () => (moving ??= movingOf(flights, now())))
  }
  const lookAt = (one: Open, moving: () => ReadonlySet<object>) => {
    if (one.sending && isStalled(one.sending, now())) {
      endConnection(one, moving())
      one.sending = undefined
      onEnded('stalled')
    } else if (one.late && isTooSlow(one.arriving, now())) {
      const { late } = one
      one.late = undefined
      late()
      if (!one.wasLate) onEnded('slow-body')
      one.wasLate = true
    }
  }
  const watch = () => {
    if (isWatched) return
    isWatched = true
    machineTimer(LOOK_MS, () => {
      isWatched = false
      look()
      if (flights.size > 0) watch()
    })
  }

  return {
    /** `refusal`: what it is told when there is no room for it. */
    begin(request: WireRequest, response: WireResponse, refusal: () => Error): FlightOf {
      const account = accounts.open(connectionOf(request), refusal)
      const one: Open = {
        account,
        response,
        sending: NOTHING_SENT,
        arriving: NOTHING_CAME,
        late: undefined,
        wasLate: false,
      }
      flights.add(one)
      watch()
      let isAwaited = 3
      const ended = () => {
        isAwaited--
        if (isAwaited > 0) return
        flights.delete(one)
        account.close()
      }
      request.once('close', ended)
      response.once('close', () => {
        one.sending = undefined
        account.leave()
        ended()
      })
      return { ...account, ...progressOf(one, now), ...createLoans(), served: ended }
    },
    /** Done once a second while there are requests. */
    look,
    figures: (): FlightFigures => accounts.figures(),
  }
}

export type Flights = ReturnType<typeof createFlights>

const nothing = () => undefined
const NOTHING_SENT: Sending = { unsentBytes: 0, movedAt: 0 }
const NOTHING_CAME: Arriving = { bytes: 0, awaitedMs: 0, awaitedSince: undefined }

function progressOf(
  one: Open,
  now: () => number,
): Pick<ExchangeFlight, 'awaits' | 'awaitsNot' | 'arrived' | 'sends'> {
  return {
    awaits(late) {
      one.late = late
      one.arriving = { ...one.arriving, awaitedSince: one.arriving.awaitedSince ?? now() }
    },
    awaitsNot() {
      const { awaitedSince, awaitedMs, bytes } = one.arriving
      one.late = undefined
      if (awaitedSince === undefined) return
      one.arriving = { bytes, awaitedMs: awaitedMs + now() - awaitedSince, awaitedSince: undefined }
    },
    arrived(bytes) {
      one.arriving = { ...one.arriving, bytes: one.arriving.bytes + bytes }
    },
    sends(bytes) {
      const { unsentBytes, movedAt } = one.sending ?? NOTHING_SENT
      one.sending = { unsentBytes: unsentBytes + bytes, movedAt: unsentBytes === 0 ? now() : movedAt }
      return () => {
        if (one.sending) one.sending = { unsentBytes: one.sending.unsentBytes - bytes, movedAt: now() }
      }
    },
  }
}

/** What is lent to an answer while it is made. */
function createLoans(): Pick<ExchangeFlight, 'lend' | 'answerMade'> {
  let lent: (() => void)[] = []
  return {
    lend: (release) => void lent.push(release),
    answerMade() {
      for (const release of lent) release()
      lent = []
    },
  }
}

/** HTTP/2's requests have streams. */
interface WithStream {
  readonly stream?: { readonly session?: object }
}

/** HTTP/2's session, or HTTP/1.1's socket. */
const connectionOf = (request: WireRequest): object => {
  const { stream } = request as WithStream
  return stream?.session ?? request.socket
}

/** The connections on which somebody makes progress. */
const movingOf = (flights: ReadonlySet<Open>, now: number): ReadonlySet<object> =>
  new Set(
    [...flights]
      .filter(({ sending }) => sending !== undefined && !isStalled(sending, now))
      .map(({ account }) => account.connection),
  )

/** Ends the stream of it, or, where nobody else on the connection makes progress, all of the connection. */
function endConnection({ account: { connection }, response }: Open, moving: ReadonlySet<object>): void {
  response.destroy(new Error('Its client took nothing of the answer for a minute.'))
  if (!moving.has(connection) && isDestroyable(connection)) connection.destroy()
}

const isDestroyable = (connection: object): connection is { destroy(): void } =>
  'destroy' in connection && typeof connection.destroy === 'function'
