import type { Random } from '../../../clock/random.ts'
import type { Position } from '../../ports/engine.ts'
import { writeFully } from '../files/durable-file.ts'
import { walNumberOf, walPath } from './file-names.ts'
import { encodeFrame, MARKER_BYTES, type NewBlock, type StoredBlock } from './frame.ts'
import type { LogManifest } from './log-manifest.ts'
import type { UnsealedWal } from './maintenance.ts'
import { emptyWal, type Recovered, rowOf } from './recovery/recover.ts'
import { createWal, HEAD_BYTES, type Wal } from './wal.ts'

interface Current {
  readonly wal: Wal
  readonly contents: UnsealedWal
}

interface CurrentWalOptions {
  readonly folder: string
  readonly manifest: LogManifest
  readonly random: Pick<Random, 'bytes'>
  /** When it is full. */
  readonly walBytes: number
  readonly recovered: Recovered
  /** The last position that was given. */
  readonly lastPosition: () => Position
}

/** The write-ahead log that is written to: the newest that was found, if that can be gone on with, and then the next. */
export async function openCurrentWal(options: CurrentWalOptions) {
  const { folder, manifest, random, walBytes, recovered, lastPosition } = options
  /** It is not written to before the manifest knows it; how far the one before it goes is noted with it. */
  const startWal = async (number: number, sizeBytes: number, before: Current | undefined) => {
    const path = walPath(folder, number)
    const floor = lastPosition()
    const wal = await createWal(path, { marker: random.bytes(MARKER_BYTES), floor, sizeBytes })
    const started: Current = { wal, contents: emptyWal(number, path, floor) }
    await note([started, ...(before ? [before] : [])])
    return started
  }
  const note = (noted: readonly Current[]) =>
    manifest.change({
      wals: new Map(noted.map(({ wal, contents }) => [contents.number, rowOf(wal, contents)])),
    })
  const startOrGoOn = async () => {
    if (!recovered.newest) return await startWal(recovered.nextNumber, walBytes, undefined)
    await note([recovered.newest])
    return recovered.newest
  }
  let current: Current = await startOrGoOn()

  return {
    contents: (): UnsealedWal => current.contents,
    hasRoom: (bytes: number): boolean => current.wal.end + bytes <= current.wal.sizeBytes,
    /** Resolves when they are durable. */
    async write(blocks: readonly NewBlock[]): Promise<readonly StoredBlock[]> {
      const { wal } = current
      const { frame, stored } = encodeFrame(wal.marker, blocks)
      await writeFully(wal.handle, frame, wal.end)
      await wal.handle.datasync()
      wal.end += frame.length
      return stored
    },
    /** Goes on with the next file, which has room for so many bytes; resolves with what the full one holds. */
    async roll(bytes: number): Promise<UnsealedWal> {
      const { wal, contents } = current
      current = await startWal(contents.number + 1, Math.max(walBytes, HEAD_BYTES + bytes), current)
      await wal.handle.close()
      return contents
    },
    /** So that a start can tell what is lost from what was never acknowledged. */
    noteEnd: (): Promise<void> => note([current]),
    /** So far a file of the log's folder is written and synced; undefined for those that are complete. */
    endOf(name: string): number | undefined {
      const number = walNumberOf(name)
      const { wal, contents } = current
      if (number === undefined || number < contents.number) return undefined
      return number === contents.number ? wal.end : HEAD_BYTES
    },
    close: (): Promise<void> => current.wal.handle.close(),
  }
}
