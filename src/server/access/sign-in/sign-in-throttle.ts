/** Wrong keys that an address may send within a minute. */
const MOST_FAILURES = 10
const WINDOW_MS = 60_000
/** Addresses that are remembered; those that failed first are forgotten first. */
const MOST_ADDRESSES = 10_000

interface Attempts {
  readonly since: number
  readonly count: number
}

/** Bounds how often keys are guessed, by address. Times are the machine's. */
export function createSignInThrottle() {
  const attempts = new Map<string, Attempts>()
  const current = (network: string, now: number): Attempts => {
    const found = attempts.get(network)
    return found && now - found.since < WINDOW_MS ? found : { since: now, count: 0 }
  }
  return {
    /** False: one too many. What is let in counts as wrong until it was right. */
    lets(address: string, now: number): boolean {
      const network = networkOf(address)
      const { since, count } = current(network, now)
      if (count >= MOST_FAILURES) return false
      attempts.delete(network)
      attempts.set(network, { since, count: count + 1 })
      if (attempts.size > MOST_ADDRESSES) attempts.delete(attempts.keys().next().value!)
      return true
    },
    wasRight(address: string, now: number): void {
      const network = networkOf(address)
      const { since, count } = current(network, now)
      if (count > 1) attempts.set(network, { since, count: count - 1 })
      else attempts.delete(network)
    },
  }
}

/** Whoever has one address of IPv6 has all of its last 64 bits. */
function networkOf(address: string): string {
  const text = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!text.includes(':')) return text
  const [left = [], right = []] = text.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
