import { opendir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Files looked at between two turns of the event loop. */
const PER_TURN = 200

/**
 * How much the blobs take. Those that were there before are counted in the background, once, while others come and go;
 * whoever makes others adds them. A link to another's bytes counts as if they were its own.
 */
export function countBlobBytes(folder: string, isFormer: (name: string) => boolean) {
  let bytes = 0
  /** The folders up to here are counted, and of this one the blobs in `counted`. */
  let at = ''
  const counted = new Set<string>()
  /** Those that go before they are counted. */
  const going = new Set<string>()
  let isOver = false
  const isCounted = (id: string) => isOver || !isFormer(id) || id.slice(0, 2) < at || counted.has(id)

  async function countFolder(name: string): Promise<void> {
    at = name
    counted.clear()
    let looked = 0
    for await (const { name: id } of await opendir(join(folder, name))) {
      if (isOver) return
      if (!isFormer(id)) continue
      const sizeBytes = await sizeOf(join(folder, name, id))
      if (sizeBytes === undefined || going.has(id)) continue
      counted.add(id)
      bytes += sizeBytes
      if (++looked % PER_TURN === 0) await nextTurn()
    }
  }
  async function countAll(): Promise<void> {
    for (const name of (await readdir(folder)).sort())
      if (!isOver && /^[0-9a-f]{2}$/.test(name)) await countFolder(name)
  }
  const counting = countAll().finally(() => {
    isOver = true
    counted.clear()
    going.clear()
  })

  return {
    bytes: (): number => bytes,
    add(sizeBytes: number): void {
      bytes += sizeBytes
    },
    /** Around the deletion of a blob; `remove` resolves with whether it was there until then. */
    async removing(id: string, path: string, remove: () => Promise<boolean>): Promise<void> {
      const wasCounted = isCounted(id)
      if (!wasCounted) going.add(id)
      const sizeBytes = await sizeOf(path)
      const wasThere = await remove()
      if (wasCounted && wasThere) bytes -= sizeBytes ?? 0
    },
    /** Rejects when the folder could not be read: what is counted then is what was seen. */
    counting,
    async stop(): Promise<void> {
      isOver = true
      // Whoever opened the folder has heard of it.
      await counting.catch(() => undefined)
    },
  }
}

export type BlobBytes = ReturnType<typeof countBlobBytes>

/** Undefined where there is nothing (any more). */
const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  )
