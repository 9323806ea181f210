import { soon } from '../../clock/machine-time.ts'
import type { Change, MetadataStore, Revision } from '../../engine/ports/engine.ts'
import { everyObjectPrefix, everyVersionPrefix } from '../documents.ts'
import { COUNTED } from './counted.ts'
import { createCounts, type Step } from './counting.ts'
import type { BucketBytes } from './tallies.ts'

/** What others who have the store open put and delete is counted so much later, ms. */
const RECOUNT_AFTER_MS = 600_000

/** How much each bucket holds. */
export interface BucketUsage {
  /** The store that it counts the changes of: for all who put objects and delete them. */
  readonly metadata: MetadataStore
  /** What was seen of a bucket so far, while it is still being counted. */
  of(bucket: string): BucketBytes
  all(): ReadonlyMap<string, BucketBytes>
  /** Of an upload under way. */
  uploadBytes(id: string): number
  isCounted(): boolean
  /** Counts what is there, in the background. */
  begin(): void
  /** Counts what is there, unless that is done; resolves when it is done for this bucket, or for all of them. */
  counted(bucket?: string): Promise<void>
  close(): Promise<void>
}

/**
 * Counts all there is once, in the background; from then on by what each commit changes. What another who has the store
 * open has changed is counted when all is counted anew.
 */
export function openBucketUsage(store: MetadataStore, onError: (error: unknown) => void): BucketUsage {
  const closing = new AbortController()
  /** Those of this process, whose changes are no news. */
  const own = new Set<string>()
  const { anew, idle, change, together, shown, counted } = createCounts(store, closing.signal, onError)
  const recount = soon(RECOUNT_AFTER_MS, () => void anew())
  const changed = (key: string) => {
    if (!own.has(key)) recount.ask()
  }
  for (const prefix of [everyObjectPrefix, everyVersionPrefix]) store.watch(prefix, changed, closing.signal)
  return {
    metadata: {
      ...store,
      async commit(changes: readonly Change[]): Promise<Revision> {
        const steps = stepsOf(changes)
        if (steps.length === 0) return await store.commit(changes)
        for (const { key } of steps) own.add(key)
        return await together(async () => {
          for (const step of steps)
            step.before = step.isNew ? undefined : await step.counted.sizeOf(store, step.key)
          const revision = await store.commit(changes)
          steps.forEach(change)
          return revision
        }).finally(() => {
          for (const { key } of steps) own.delete(key)
        })
      },
    },
    of: (bucket) => shown().tallies.of(bucket),
    all: () => shown().tallies.buckets(),
    uploadBytes: (id) => shown().tallies.uploadBytes(id),
    isCounted: () => shown().isOver,
    counted,
    begin() {
      // What goes wrong with it is told to onError.
      void counted()
    },
    async close() {
      recount.stop()
      closing.abort()
      await idle()
    },
  }
}

function stepsOf(changes: readonly Change[]): Step[] {
  return changes.flatMap((change) => {
    if ('check' in change) return []
    const key = 'put' in change ? change.put : change.delete
    const kind = COUNTED.findIndex(({ prefix }) => key.startsWith(prefix))
    if (kind < 0) return []
    const after = 'put' in change ? sizeOf(change.value) : undefined
    return [
      { counted: COUNTED[kind]!, kind, key, isNew: change.expect === 'absent', before: undefined, after },
    ]
  })
}

/** Of a new document; 0 for what has no size of its own. */
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'sizeBytes' in value ? Number(value.sizeBytes) : 0
