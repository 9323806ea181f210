import { rm } from 'node:fs/promises'
import type { Random } from '../../../clock/random.ts'
import { isEngineError, type Position } from '../../ports/engine.ts'
import type { Deletions } from '../files/deletions.ts'
import { isErrno, writeFully } from '../files/durable-file.ts'
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
  readonly manifest: Pick<LogManifest, 'change'>
  readonly deletions: Deletions
  readonly random: Pick<Random, 'bytes'>
  /** When it is full. */
  readonly walBytes: number
  readonly recovered: Recovered
  /** The last position that was given. */
  readonly lastPosition: () => Position
}

/**
 * The write-ahead log that is written to: the newest that was found, if that can be gone on with, and then the next. One
 * in which a write or sync has failed is cut where it was known to be durable: nothing is written to it any more, so that
 * no later sync of the same file can seem to have mended what the failed one lost.
 */
export async function openCurrentWal(options: CurrentWalOptions) {
  const { deletions, walBytes, recovered } = options
  const note = createNotes(options.manifest)
  /** None where a start found none that goes on, and has had no room for another yet. */
  let current: Current | undefined = recovered.newest
  const unlessFull = (error: unknown) => {
    if (!isEngineError(error, 'StorageFull') && !isErrno(error, 'ENOSPC', 'EDQUOT')) throw error
  }
  if (current) await note(current).catch(unlessFull)
  const nextNumber = () => (current ? current.contents.number + 1 : recovered.nextNumber)
  const goOn = async (sizeBytes: number) => {
    current = await startWal({ ...options, note, sizeBytes }, nextNumber(), current)
  }
  if (!current) await goOn(walBytes).catch(unlessFull)

  /** Known at the next start before anything is written elsewhere; at the latest with the file that follows. */
  const cut = async (broken: Current) => {
    const { wal } = broken
    wal.isCut = true
    wal.sizeBytes = wal.end
    const isNoted = await note(broken).then(
      () => true,
      // It is noted again with the next file.
      () => false,
    )
    // Whoever copies the folder counts on the size that its manifest tells: then it is cut behind the copy, if still open.
    await deletions.run(async () => {
      // Whatever is wrong with it, the write's own error says more.
      if (isNoted) await wal.handle.truncate(wal.end).catch(() => undefined)
      await wal.handle.close().catch(() => undefined)
    })
  }
  return {
    contents: (): UnsealedWal => current!.contents,
    sizeBytes: (): number => current?.wal.sizeBytes ?? 0,
    hasRoom: (bytes: number): boolean =>
      current !== undefined && !current.wal.isCut && current.wal.end + bytes <= current.wal.sizeBytes,
    /** Resolves when they are durable; when it rejects, they never will be. */
    async write(blocks: readonly NewBlock[]): Promise<readonly StoredBlock[]> {
      const { wal } = current!
      const { frame, stored } = encodeFrame(wal.marker, blocks)
      try {
        await writeFully(wal.handle, frame, wal.end)
        await wal.handle.datasync()
      } catch (error) {
        await cut(current!)
        throw error
      }
      wal.end += frame.length
      return stored
    },
    /** Goes on with the next file, which has room for so many bytes; resolves with what the one before holds, if any. */
    async roll(bytes: number): Promise<UnsealedWal | undefined> {
      const before = current
      await goOn(Math.max(walBytes, HEAD_BYTES + bytes))
      await before?.wal.handle.close()
      return before?.contents
    },
    /** So that a start can tell what is lost from what was never acknowledged. */
    noteEnd: async (): Promise<void> => {
      if (current) await note(current)
    },
    /** So far a file of the log's folder is written and synced; undefined for those that are complete. */
    endOf(name: string): number | undefined {
      const number = walNumberOf(name)
      if (number === undefined || number < (current?.contents.number ?? recovered.nextNumber))
        return undefined
      return number === current?.contents.number ? current.wal.end : HEAD_BYTES
    },
    close: async (): Promise<void> => current?.wal.handle.close(),
  }
}

type Note = (...noted: readonly Current[]) => Promise<void>

/** One behind the other, each with what is so when its turn has come: none says again what is so no more. */
function createNotes(manifest: CurrentWalOptions['manifest']): Note {
  let last: Promise<unknown> = Promise.resolve()
  return (...noted) => {
    const noting = last.then(() =>
      manifest.change({
        wals: new Map(noted.map(({ wal, contents }) => [contents.number, rowOf(wal, contents)])),
      }),
    )
    // Whoever asked for it hears of it.
    last = noting.catch(() => undefined)
    return noting
  }
}

/** It is not written to before the manifest knows it; how far the one before it goes is noted with it. */
async function startWal(
  options: Pick<CurrentWalOptions, 'folder' | 'random' | 'lastPosition'> & {
    readonly note: Note
    readonly sizeBytes: number
  },
  number: number,
  before: Current | undefined,
): Promise<Current> {
  const { folder, note, random, lastPosition, sizeBytes } = options
  const path = walPath(folder, number)
  const floor = lastPosition()
  const wal = await createWal(path, { marker: random.bytes(MARKER_BYTES), floor, sizeBytes })
  const started: Current = { wal, contents: emptyWal(number, path, floor) }
  try {
    await note(started, ...(before ? [before] : []))
    return started
  } catch (error) {
    await wal.handle.close()
    // Nothing was written then, so that nobody will look for it.
    if (isEngineError(error, 'StorageFull')) await rm(path, { force: true })
    throw error
  }
}
