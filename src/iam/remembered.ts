import type { MetadataStore } from '../engine/ports/engine.ts'

/** What is kept at most of one kind. */
const MOST_KEPT = 10_000

interface Watched {
  readonly prefix: string
  isTelling(key: string): boolean
}

/**
 * Remembers what was read of documents until any of them changes, so that a request waits for nothing: what is taken
 * away counts from the next one. What is not there is not remembered.
 */
export function createRemembered(
  metadata: Pick<MetadataStore, 'watch'>,
  { prefix, isTelling }: Watched,
  signal: AbortSignal,
) {
  let changes = 0
  const all: Map<string, unknown>[] = []
  const changed = (key: string) => {
    if (!isTelling(key)) return
    changes += 1
    for (const known of all) known.clear()
  }
  metadata.watch(prefix, changed, signal)
  return <T>(
    load: (key: string) => Promise<T | undefined>,
  ): ((key: string) => T | Promise<T | undefined>) => {
    const known = new Map<string, T>()
    all.push(known)
    return (key) => {
      const found = known.get(key)
      if (found !== undefined) return found
      const before = changes
      return load(key).then((loaded) => {
        if (loaded === undefined || changes !== before) return loaded
        known.set(key, loaded)
        if (known.size > MOST_KEPT) known.delete(known.keys().next().value!)
        return loaded
      })
    }
  }
}
