import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { crc32 } from '@node-rs/crc32'
import type { Position } from '../../../ports/engine.ts'
import { syncFolderOf, writeFully } from '../../files/durable-file.ts'
import { FILE_MODE } from '../../files/private-files.ts'
import type { Log, Run, Segment } from '../log-state.ts'
import { chunkTable, createGrowingBytes, encodeIndex, writeRow, writeRun } from './segment-index.ts'

const WRITE_BYTES = 2 ** 20

/** Writes a segment under another name, and gives it its own when all of it is on disk. */
export async function createSegmentWriter(target: Pick<Segment, 'path' | 'number' | 'generation'>) {
  const temporary = `${target.path}.tmp`
  const handle = await open(temporary, 'w', FILE_MODE)
  const segment = emptySegment(target)
  const runBytes = createGrowingBytes()
  const rowBytes = createGrowingBytes()
  let rowCount = 0
  let runStart = 0
  const file = createStagedFile(handle)

  return {
    /** `fill` writes all of the chunk into its place. */
    async addChunk(
      { first, sizeBytes, entries, crc }: NewChunk,
      fill: (place: Buffer) => void,
    ): Promise<void> {
      if (segment.entries !== undefined)
        segment.entries = entries === undefined ? undefined : segment.entries + entries
      const place = await file.place(sizeBytes)
      fill(place)
      writeRow(rowBytes, { first, offset: file.end(), length: sizeBytes, crc: crc ?? crc32(place) })
      rowCount++
      await file.filled(place)
    },
    /** The chunks added since the last run are those of `log`; `last` is its last entry in them. */
    endRun(log: Log, last: Position): void {
      const rows = rowCount - runStart
      if (rows === 0) return
      segment.runs.push({ log, segment, row: runStart, rows, last })
      writeRun(runBytes, { groupId: log.group.id, log: log.name, last, rows })
      runStart = rowCount
    },
    /** Undefined when there was nothing to write. */
    async finish(): Promise<Segment | undefined> {
      if (rowCount === 0) {
        await this.abort()
        return undefined
      }
      const index = encodeIndex(file.end(), runBytes.bytes(), rowBytes.bytes())
      await file.filled(index.bytes)
      segment.sizeBytes = await file.finish()
      await handle.sync()
      await handle.close()
      await rename(temporary, target.path)
      await syncFolderOf(target.path)
      segment.chunks = chunkTable(rowBytes.bytes())
      segment.indexCrc = index.crc
      return segment
    },
    async abort(): Promise<void> {
      file.abort()
      await handle.close()
      await rm(temporary, { force: true })
    },
  }
}

/** A chunk that is to be written. */
interface NewChunk {
  readonly first: Position
  readonly sizeBytes: number
  /** How many it holds; undefined when it cannot be read. */
  readonly entries: number | undefined
  /** Of what it should be; of what it is, if absent. */
  readonly crc?: number
}

/** A file that grows by pieces of any size: they are put together in one place that is used again and again. */
function createStagedFile(handle: FileHandle) {
  const stage = Buffer.allocUnsafeSlow(WRITE_BYTES)
  let stagedBytes = 0
  let writtenBytes = 0
  const write = async (bytes: Buffer) => {
    await writeFully(handle, bytes, writtenBytes)
    writtenBytes += bytes.length
  }
  const flush = async () => {
    const bytes = stage.subarray(0, stagedBytes)
    stagedBytes = 0
    await write(bytes)
  }
  return {
    /** Where the next piece goes, which is `filled` before another is asked for. */
    async place(length: number): Promise<Buffer> {
      if (stagedBytes + length > stage.length) await flush()
      return length > stage.length
        ? Buffer.allocUnsafeSlow(length)
        : stage.subarray(stagedBytes, stagedBytes + length)
    },
    async filled(piece: Buffer): Promise<void> {
      if (piece.buffer === stage.buffer) stagedBytes += piece.length
      else {
        await flush()
        await write(piece)
      }
    },
    end: () => writtenBytes + stagedBytes,
    /** The size of all of it. */
    async finish(): Promise<number> {
      await flush()
      this.abort()
      return writtenBytes
    },
    abort(): void {
      if (!stage.buffer.detached) stage.buffer.transfer(0)
    },
  }
}

const emptySegment = (target: Pick<Segment, 'path' | 'number' | 'generation'>) => ({
  ...target,
  runs: [] as Run[],
  chunks: chunkTable(Buffer.alloc(0)),
  sizeBytes: 0,
  indexCrc: 0,
  entries: 0 as number | undefined,
})

export type SegmentWriter = Awaited<ReturnType<typeof createSegmentWriter>>
