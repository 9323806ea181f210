import { randomBytes, randomUUID } from 'node:crypto'

/** The only source of chance, so that a test can hand in its own. */
export interface Random {
  /** Lower-case, with hyphens. */
  uuid(): string
  bytes(count: number): Uint8Array
}

/** Drawn from the machine at a time: a call for a few bytes costs as much as for these. */
const DRAWN_BYTES = 4096

function createBytes(): Random['bytes'] {
  let drawn = randomBytes(DRAWN_BYTES)
  let given = 0
  return (count) => {
    if (given + count > DRAWN_BYTES) {
      drawn = randomBytes(Math.max(DRAWN_BYTES, count))
      given = 0
    }
    given += count
    return drawn.subarray(given - count, given)
  }
}

export const systemRandom: Random = { uuid: randomUUID, bytes: createBytes() }
