import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemRandom } from '../../src/clock/random.ts'
import { encodeFrame } from '../../src/engine/embedded/log/frame.ts'
import { createWal } from '../../src/engine/embedded/log/wal.ts'
import { makeFolder } from './embedded-subject.ts'

/** A write-ahead log with a frame for each append, positions from 1 on; where its head and each of its frames end. */
export async function walOf(
  appends: readonly (readonly Uint8Array[])[],
): Promise<{ file: Buffer; ends: number[] }> {
  const folder = await makeFolder()
  const path = join(folder, 'x.wal')
  const marker = systemRandom.bytes(8)
  const { handle, end } = await createWal(path, { marker, floor: 0, sizeBytes: 0 })
  await handle.close()
  let first = 1
  const frames = appends.map((entries) => {
    const { frame } = encodeFrame(marker, [{ groupId: 1, log: 'a', kind: 'entries', first, entries }])
    first += entries.length
    return frame
  })
  const file = Buffer.concat([await readFile(path), ...frames])
  await rm(folder, { recursive: true })
  const ends = [end]
  for (const frame of frames) ends.push(ends.at(-1)! + frame.length)
  return { file, ends }
}
