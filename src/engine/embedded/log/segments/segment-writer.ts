import { open, rename, rm } from 'node:fs/promises'
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
  let staged: Buffer[] = []
  let runStart = 0
  let writtenTo = 0
  let end = 0

  const flush = async () => {
    const bytes = Buffer.concat(staged)
    staged = []
    await writeFully(handle, bytes, writtenTo)
    writtenTo += bytes.length
  }

  return {
    /** `entries`: how many it holds; undefined when it cannot be read. */
    async addChunk(
      first: Position,
      chunk: Buffer,
      entries: number | undefined,
      crc = crc32(chunk),
    ): Promise<void> {
      if (segment.entries !== undefined)
        segment.entries = entries === undefined ? undefined : segment.entries + entries
      writeRow(rowBytes, { first, offset: end, length: chunk.length, crc })
      rowCount++
      staged.push(chunk)
      end += chunk.length
      if (end - writtenTo >= WRITE_BYTES) await flush()
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
        await handle.close()
        await rm(temporary)
        return undefined
      }
      const index = encodeIndex(end, runBytes.bytes(), rowBytes.bytes())
      staged.push(index.bytes)
      await flush()
      await handle.sync()
      await handle.close()
      await rename(temporary, target.path)
      await syncFolderOf(target.path)
      segment.chunks = chunkTable(rowBytes.bytes())
      segment.sizeBytes = writtenTo
      segment.indexCrc = index.crc
      return segment
    },
    async abort(): Promise<void> {
      await handle.close()
      await rm(temporary, { force: true })
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
