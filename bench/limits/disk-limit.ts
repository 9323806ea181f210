import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the machine itself can do: MiB/s of appends of `chunkBytes`, each followed by fdatasync. */
export function diskLimit(chunkBytes: number, total: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-disk-'))
  const file = openSync(join(folder, 'limit'), 'w')
  const chunk = Buffer.alloc(chunkBytes, 1)
  const startedAt = performance.now()
  for (let written = 0; written < total; written += chunkBytes) {
    writeSync(file, chunk)
    fdatasyncSync(file)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  closeSync(file)
  rmSync(folder, { recursive: true })
  return total / 2 ** 20 / seconds
}
