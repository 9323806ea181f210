import { randomBytes, randomUUID } from 'node:crypto'

/** The only source of chance, so that a test can hand in its own. */
export interface Random {
  /** Lower-case, with hyphens. */
  uuid(): string
  bytes(count: number): Uint8Array
}

export const systemRandom: Random = { uuid: randomUUID, bytes: randomBytes }
