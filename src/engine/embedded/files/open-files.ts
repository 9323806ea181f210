import { type FileHandle, open, rm } from 'node:fs/promises'

interface OpenFile {
  readonly handle: Promise<FileHandle>
  readers: number
  /** Called when the last reader has left a file that was given up. */
  left?: () => void
}

/** Files kept open for reading, the least recently used closed first; none is closed under a reader. */
export function createOpenFiles(most = 256) {
  /** The least recently used first. */
  const files = new Map<string, OpenFile>()

  const openFile = (path: string): OpenFile => {
    const handle = open(path, 'r')
    handle.catch(() => files.delete(path))
    return { handle, readers: 0 }
  }
  const close = async (path: string, file: OpenFile) => {
    if (files.get(path) === file) files.delete(path)
    // Whoever read it has heard of it; what was never opened is closed.
    const handle = await file.handle.catch(() => undefined)
    await handle?.close()
  }
  const closeIdle = async () => {
    if (files.size <= most) return
    const idle = [...files].find(([, { readers }]) => readers === 0)
    if (idle) await close(...idle)
  }

  return {
    async read<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
      const file = files.get(path) ?? openFile(path)
      files.delete(path)
      files.set(path, file)
      file.readers++
      try {
        return await work(await file.handle)
      } finally {
        file.readers--
        if (file.readers === 0) file.left?.()
        await closeIdle()
      }
    },
    /** Deletes a file nobody will ask for any more, once those who read it have finished. */
    async discard(path: string): Promise<void> {
      const file = files.get(path)
      if (file && file.readers > 0) await new Promise<void>((resolve) => (file.left = resolve))
      if (file) await close(path, file)
      await rm(path, { force: true })
    },
    async close(): Promise<void> {
      await Promise.all([...files].map(([path, file]) => close(path, file)))
    },
  }
}

export type OpenFiles = ReturnType<typeof createOpenFiles>
