import { setImmediate as nextTurn } from 'node:timers/promises'
import { isEngineError, type MetadataStore } from '../../engine/ports/engine.ts'
import { everyObjectPrefix } from '../documents.ts'
import { bucketOf, COUNTED, type Counted } from './counted.ts'
import { createTallies, type Tallies } from './tallies.ts'

const PAGE = 250

/** How far a count has come. */
interface Count {
  readonly tallies: Tallies
  /** Of COUNTED. */
  kind: number
  key: string
  isOver: boolean
}

const newCount = (): Count => ({ tallies: createTallies(), kind: 0, key: '', isOver: false })

/** A change of a document that counts. */
export interface Step {
  readonly counted: Counted
  /** Of COUNTED. */
  readonly kind: number
  readonly key: string
  readonly isNew: boolean
  before: number | undefined
  readonly after: number | undefined
}

/**
 * Counts page by page. No commit is under way while a page is read, so that each change is counted once: by the page, or
 * behind it.
 */
export function createCounts(store: MetadataStore, signal: AbortSignal, onError: (error: unknown) => void) {
  const turns = createTurns()
  const told = new Set<() => void>()
  let shown = newCount()
  /** Under way; becomes what is shown. */
  let next: Count | undefined
  let counting: Promise<void> | undefined

  const tell = () => {
    for (const one of told) one()
  }
  const countAll = async (count: Count) => {
    next = count
    while (!count.isOver && !signal.aborted) {
      await turns.alone(() => countPage(store, count))
      tell()
      await nextTurn()
    }
    if (count.isOver) shown = count
  }
  const begin = (count: Count) =>
    countAll(count)
      .catch((error) => {
        if (!isEngineError(error, 'Closed')) onError(error)
      })
      .finally(() => {
        counting = undefined
        next = undefined
        tell()
      })
  return {
    shown: () => shown,
    together: turns.shared,
    /** What a commit has changed. */
    change({ counted, kind, key, before, after }: Step): void {
      for (const count of shown === next || !next ? [shown] : [shown, next])
        if (isPassed(count, kind, key)) counted.change(count.tallies, key, before, after)
    },
    /** Behind what is under way, which may have missed what is to be seen. */
    async anew(): Promise<void> {
      await counting
      counting ??= begin(newCount())
      await counting
    },
    idle: async (): Promise<void> => await counting,
    /** Counts what is there, unless that is done; resolves when it is done for this bucket, or for all of them. */
    async counted(bucket?: string): Promise<void> {
      const isDone = () => shown.isOver || signal.aborted || (bucket !== undefined && isBehind(shown, bucket))
      if (isDone()) return
      counting ??= begin(shown)
      while (!isDone() && counting) await heard(told)
    },
  }
}

/** Reads on, and counts what it reads. */
async function countPage(store: MetadataStore, count: Count): Promise<void> {
  const counted = COUNTED[count.kind]!
  const page = await counted.list(store, count.key, PAGE)
  for (const { key, sizeBytes } of page) counted.change(count.tallies, key, undefined, sizeBytes)
  count.key = page.at(-1)?.key ?? ''
  if (page.length === PAGE) return
  count.kind++
  count.key = ''
  count.isOver = count.kind === COUNTED.length
}

const OBJECTS = COUNTED.findIndex(({ prefix }) => prefix === everyObjectPrefix)

const isPassed = ({ isOver, kind, key: at }: Count, ofKind: number, key: string): boolean =>
  isOver || ofKind < kind || (ofKind === kind && at !== '' && compareKeys(key, at) <= 0)

/** Whether all objects of a bucket are counted. */
const isBehind = ({ kind, key }: Count, bucket: string): boolean =>
  kind === OBJECTS && key !== '' && compareKeys(bucketOf(key, everyObjectPrefix), bucket) > 0

/** As the store lists them. */
const compareKeys = (one: string, other: string): number =>
  one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other))

const heard = (told: Set<() => void>): Promise<void> =>
  new Promise((resolve) => {
    const once = () => {
      told.delete(once)
      resolve()
    }
    told.add(once)
  })

/** Some work together; one that works alone waits for them, and they for it. */
function createTurns() {
  let underWay = 0
  let ended = () => {}
  let alone: Promise<void> | undefined
  return {
    async shared<T>(work: () => Promise<T>): Promise<T> {
      while (alone) await alone
      underWay++
      try {
        return await work()
      } finally {
        if (--underWay === 0) ended()
      }
    },
    async alone(work: () => Promise<void>): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      alone = promise
      try {
        if (underWay > 0)
          await new Promise<void>((drained) => {
            ended = drained
          })
        await work()
      } finally {
        ended = () => {}
        alone = undefined
        resolve()
      }
    },
  }
}
