import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMd5Lanes } from '../../src/s3/md5/md5-lanes.ts'
import { repeat } from '../calls/call.ts'
import type { Limit } from '../row.ts'

/** Larger writes, and much smaller ones, cost the processor more. */
const WRITE_BYTES = 2 ** 20

/** What any server that puts objects can reach here: a file each, written and synced; and the MD5 of the bytes, one after the other and side by side. */
export const objectLimits = (bytes: Uint8Array, count: number, concurrency: number): readonly Limit[] => [
  {
    name: 'write+fdatasync',
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'standpipe-disk-'))
      await repeat(count, concurrency, async (index) => {
        const file = await open(join(folder, String(index)), 'wx')
        for (let at = 0; at < bytes.length; at += WRITE_BYTES)
          await file.write(bytes.subarray(at, at + WRITE_BYTES))
        await file.datasync()
        await file.close()
      })
      rmSync(folder, { recursive: true })
      return count
    },
  },
  {
    name: 'MD5 alone',
    async run() {
      for (let done = 0; done < count; done++) createHash('md5').update(bytes).digest()
      return count
    },
  },
  {
    name: 'MD5 side by side',
    async run() {
      const newMd5 = createMd5Lanes()
      await repeat(count, concurrency, async () => {
        const md5 = newMd5()
        await md5.update([bytes])
        md5.digest()
      })
      return count
    },
  },
]
