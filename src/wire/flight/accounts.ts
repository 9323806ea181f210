import type { Flight } from '../../service/memory/flight.ts'
import { connectionBytesOf, granted, SMALL_BYTES, type Wish } from './grants.ts'

/** What a request takes beside its bytes: its head, and what Node makes of it. */
const REQUEST_BYTES = 16 * 1024

export interface AccountsOptions {
  readonly totalBytes: number
  /** How long a request waits for room before it is refused, ms. */
  readonly patienceMs: number
  /** The machine's own time, ms. */
  readonly now: () => number
  /** Is told of each request that is refused. */
  readonly onRefused: () => void
}

/** What one request holds. */
export interface Account extends Omit<Flight, 'lend'> {
  readonly connection: object
  /** See ExchangeFlight. */
  becomes(bytes: number): void
  /** See FlightOf. */
  leave(): void
  close(): void
}

interface Waiting extends Wish {
  readonly account: Held
  readonly since: number
  readonly isPatient: boolean
  readonly resolve: (bytes: number) => void
  readonly reject: (error: Error) => void
}

interface Held {
  readonly number: number
  readonly connection: object
  readonly refusal: () => Error
  bytes: number
  /** For how many more pieces of room it waits now. */
  waits: number
  isGone: boolean
}

/** The memory that all requests of a server have together for their bytes in flight. */
export function createAccounts(options: AccountsOptions) {
  const { patienceMs, now, onRefused } = options
  const ledger = createLedger(options.totalBytes)
  const queue = createQueue(ledger, now)
  let opened = 0
  return {
    /** `refusal`: what the request is told when there is no room for it. */
    open(connection: object, refusal: () => Error): Account {
      const held: Held = { number: opened++, connection, refusal, bytes: 0, waits: 0, isGone: false }
      ledger.begin()
      const give = (bytes: number) => {
        ledger.change(held, -Math.min(bytes, held.bytes))
        queue.serve()
      }
      return {
        connection,
        take(most, least = most, patience) {
          if (held.isGone) return Promise.reject(gone())
          const wish = { most, least }
          const mayOvertake = queue.length() === 0 || least <= SMALL_BYTES
          const got = mayOvertake ? ledger.grant(held, wish, queue.length() === 0, held.bytes) : 'total'
          if (typeof got === 'string') return queue.wait(held, wish, patience !== undefined)
          ledger.change(held, got.bytes)
          return got.bytes
        },
        add: (bytes) => (bytes < 0 ? give(-bytes) : ledger.change(held, bytes)),
        give,
        becomes(bytes) {
          if (bytes > held.bytes) ledger.change(held, bytes - held.bytes)
          else give(held.bytes - bytes)
        },
        leave() {
          held.isGone = true
          queue.leave(held, gone)
        },
        close() {
          ledger.end()
          give(held.bytes)
        },
      }
    },
    /** Refuses who has waited for too long. */
    look(): void {
      for (const { account } of queue.since(now() - patienceMs)) {
        queue.leave(account, account.refusal)
        onRefused()
      }
      queue.serve()
    },
    /** Bytes that are held, requests that are open, and how many of them wait for room. */
    figures: () => ({ ...ledger.figures(), waiting: queue.length() }),
  }
}

/** Who holds how much. */
function createLedger(totalBytes: number) {
  const byConnection = new WeakMap<object, number>()
  const connectionBytes = connectionBytesOf(totalBytes)
  let [used, usedByWaiting, requests] = [0, 0, 0]
  return {
    begin: () => requests++,
    end: () => requests--,
    change(held: Held, bytes: number): void {
      held.bytes += bytes
      used += bytes
      if (held.waits > 0) usedByWaiting += bytes
      byConnection.set(held.connection, (byConnection.get(held.connection) ?? 0) + bytes)
    },
    waits(held: Held): void {
      if (held.waits++ === 0) usedByWaiting += held.bytes
    },
    waitsNot(held: Held): void {
      if (--held.waits === 0) usedByWaiting -= held.bytes
    },
    grant({ connection }: Held, wish: Wish, isFirst: boolean, byWaiting = usedByWaiting) {
      const forBytes = totalBytes - requests * REQUEST_BYTES
      const usedByConnection = byConnection.get(connection) ?? 0
      const room = { totalBytes: forBytes, connectionBytes, used, usedByWaiting: byWaiting, usedByConnection }
      return granted(room, wish, isFirst)
    },
    figures: () => ({ bytes: used, requests }),
  }
}

/** Who waits for room, in the order in which their requests came. */
function createQueue(ledger: ReturnType<typeof createLedger>, now: () => number) {
  const waiting: Waiting[] = []
  const remove = (index: number) => {
    for (const { account } of waiting.splice(index, 1)) ledger.waitsNot(account)
  }
  /** Nobody overtakes who waits for what all have together. */
  const serve = () => {
    for (let index = 0; index < waiting.length; ) {
      const one = waiting[index]!
      const got = ledger.grant(one.account, one, index === 0)
      if (got === 'total') return
      if (got === 'connection') index++
      else {
        remove(index)
        ledger.change(one.account, got.bytes)
        one.resolve(got.bytes)
      }
    }
  }
  return {
    length: () => waiting.length,
    serve,
    wait: (account: Held, wish: Wish, isPatient: boolean) =>
      new Promise<number>((resolve, reject) => {
        const one = { ...wish, account, since: now(), isPatient, resolve, reject }
        const before = waiting.findLastIndex((other) => other.account.number <= account.number)
        waiting.splice(before + 1, 0, one)
        ledger.waits(account)
        serve()
      }),
    /** `reason` is made for those who wait alone: an error takes longer than most requests wait. */
    leave(account: Held, reason: () => Error): void {
      while (account.waits > 0) {
        const index = waiting.findIndex((other) => other.account === account)
        const { reject } = waiting[index]!
        remove(index)
        reject(reason())
      }
    },
    /** Those who have waited since then, or longer, and are not patient. */
    since: (time: number) => waiting.filter(({ since, isPatient }) => !isPatient && since <= time),
  }
}

const gone = () => new Error('The client went away.')
