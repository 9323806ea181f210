import { idleTimeout } from '../../clock/idle-timeout.ts'
import { createSerial } from '../../delivery/turns.ts'
import type { ReadableKind } from '../../engine/ports/document.ts'
import type { Document, MetadataStore } from '../../engine/ports/engine.ts'

/** Kept at hand for so long after somebody last looked at them, machine time. */
const KEPT_MS = 30_000

/** Every document of a kind, read anew only where it has changed. */
export interface WatchedDocuments<T> {
  /** In the order of their keys. */
  list(): Promise<readonly Document<T>[]>
  /** Grows with every change. */
  changes(): number
}

export function watchDocuments<T>(
  metadata: Pick<MetadataStore, 'get' | 'list' | 'condemn' | 'watch'>,
  kind: Pick<ReadableKind<T>, 'keys' | 'list' | 'getUndamaged'>,
  signal: AbortSignal,
): WatchedDocuments<T> {
  const prefix = kind.keys
  const run = createSerial()
  /** Undefined while nobody looks. */
  let held: Map<string, Document<T>> | undefined
  let listed: readonly Document<T>[] = []
  let idle = idleTimeout(KEPT_MS)
  const changed = new Set<string>()
  let changes = 0
  metadata.watch(
    prefix,
    (key) => {
      changes += 1
      if (held) changed.add(key)
    },
    signal,
  )
  const letGo = () => {
    held = undefined
    listed = []
    changed.clear()
  }
  const stayFor = () => {
    if (idle.signal.aborted) idle = idleTimeout(KEPT_MS)
    idle.signal.onabort = letGo
    idle.restart()
  }

  async function load(into: Map<string, Document<T>>): Promise<void> {
    held = into
    for (const document of await kind.list(metadata, { prefix, damaged: 'left out' }))
      into.set(document.key, document)
    listed = [...into.values()]
  }

  async function refresh(known: Map<string, Document<T>>): Promise<void> {
    const keys = [...changed]
    changed.clear()
    for (const key of keys) {
      const document = await kind.getUndamaged(metadata, key)
      if (document) known.set(key, document)
      else known.delete(key)
    }
    listed = [...known.values()].toSorted((one, other) => compareKeys(one.key, other.key))
  }

  return {
    changes: () => changes,
    list: () =>
      run(async () => {
        stayFor()
        try {
          if (!held) await load(new Map())
          if (held && changed.size > 0) await refresh(held)
          return listed
        } catch (error) {
          letGo()
          throw error
        }
      }),
  }
}

/** In the order of their UTF-8 bytes, as the store lists them. */
const compareKeys = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))
