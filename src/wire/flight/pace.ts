/** So many requests begin in one turn of the event loop. */
const AT_ONCE = 16

/** Lets requests begin a few at a time. */
export interface Pace {
  /** Undefined: at once. */
  turn(): Promise<void> | undefined
}

/**
 * One piece of an HTTP/2 connection may hold hundreds of requests. Begun together, they would make their answers in
 * step: all of them, before it is known of the first how much it holds, and also for a client that took its request
 * back within the same piece.
 */
export function createPace(): Pace {
  const waiting: (() => void)[] = []
  let left = AT_ONCE
  let isTurning = false
  const toTurn = () => {
    if (isTurning) return
    isTurning = true
    setImmediate(() => {
      isTurning = false
      left = AT_ONCE - waiting.length
      // Each in an immediate of its own: it goes as far as it can before the next one begins.
      const next = waiting.splice(0, AT_ONCE)
      for (const begin of next) setImmediate(begin)
      if (next.length > 0) toTurn()
    })
  }
  return {
    turn() {
      toTurn()
      left--
      return left >= 0 ? undefined : new Promise((resolve) => waiting.push(resolve))
    },
  }
}
