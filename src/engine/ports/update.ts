import { pause } from '../../clock/machine-time.ts'
import { systemRandom } from '../../clock/random.ts'
import {
  type Change,
  type Document,
  EngineError,
  isEngineError,
  type MetadataStore,
  type Revision,
} from './engine.ts'

/** What a transition decides: the new value, `undefined` to delete; further changes join the same commit. */
export interface Transition<T, R> {
  readonly value: T | undefined
  readonly also?: readonly Change[]
  readonly result: R
}

/** A document that is to be changed. */
interface Changing<T> {
  readonly metadata: Pick<MetadataStore, 'commit'>
  readonly key: string
  readonly read: () => Promise<Document<T> | undefined>
}

/**
 * Compare-and-set: reads the document, asks the pure `decide` what becomes of it, and commits that if nobody
 * was faster; otherwise asks again, as `untilCommitted` does. Exceptions of `decide` pass through and change nothing.
 */
export function updateDocument<T, R>(
  { metadata, key, read }: Changing<T>,
  decide: (current: T | undefined, revision: Revision | undefined) => Transition<T, R>,
): Promise<R> {
  return untilCommitted(async () => {
    const current = await read()
    const { value, also = [], result } = decide(current?.value, current?.revision)
    const expect = current?.revision ?? 'absent'
    if (value === undefined && expect === 'absent' && also.length === 0) return result
    const own: Change =
      value !== undefined
        ? { put: key, value, expect }
        : expect === 'absent'
          ? { check: key, expect }
          : { delete: key, expect }
    await metadata.commit([own, ...also])
    return result
  })
}

/** So often somebody else may be faster: with the waits between, that is some six seconds, and eleven at most. */
export const MOST_ATTEMPTS = 20
/** Who lost to one other need not wait; who loses again is one of many. */
const ATTEMPTS_AT_ONCE = 3
const LONGEST_WAIT_MS = 1_000

/** How long who lost so often waits before the next attempt; `chance` lies between 0 and 1, and keeps many apart. */
export const waitAfter = (losses: number, chance: number): number =>
  losses < ATTEMPTS_AT_ONCE ? 0 : Math.min(2 ** losses, LONGEST_WAIT_MS) * chance

const anyChance = () => Buffer.from(systemRandom.bytes(4)).readUInt32BE() / 2 ** 32

/**
 * Compare-and-set over several documents: reads, decides and commits again until nobody was faster. Rejects with Contended
 * when others were so often that somebody has to give up: services tell their clients to slow down. The machine's time
 * passes between attempts, since others work on whether a virtual clock stands still or not.
 */
export async function untilCommitted<T>(attempt: () => Promise<T>, wait = pause): Promise<T> {
  for (let losses = 1; ; losses++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isEngineError(error, 'Conflict')) throw error
      if (losses === MOST_ATTEMPTS)
        throw new EngineError('Contended', `others were faster ${losses} times: ${error.message}`)
    }
    const waitMs = waitAfter(losses, anyChance())
    if (waitMs > 0) await wait(waitMs)
  }
}

/** For what is more than one commit takes (`limits.changes`) and need not happen at once: so many at a time. */
export function* inPortions<T>(items: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += most) yield items.slice(from, from + most)
}
