import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { run, temporaryFolder } from '../process.ts'

/** A file system of its own, whose end can be met. */
export interface SmallDisk {
  readonly folder: string
  freeBytes(): number
  /** Takes all but so many bytes, as another program would. */
  fill(leftBytes?: number): void
  /** Gives back what `fill` took. */
  empty(): void
  /** Makes it read-only, or no more. */
  remount(how: 'ro' | 'rw'): void
}

const MOUNTED: string[] = []
// Before the folders are taken away in which they are mounted.
process.prependOnceListener('exit', () => {
  for (const folder of MOUNTED)
    try {
      execFileSync('umount', ['-l', folder], { stdio: 'ignore' })
    } catch {
      // Its test has done so.
    }
})

/** A loop-mounted ext4 of so many MiB; the reason why there is none where it cannot be mounted, which takes root. */
export async function mountDisk(test: TestContext, sizeMiB: number): Promise<SmallDisk | string> {
  if (process.platform !== 'linux') return 'mounting an image takes Linux'
  if (process.getuid?.() !== 0) return 'mounting an image takes root'
  const home = temporaryFolder(test)
  const [image, folder] = [join(home, 'disk.img'), join(home, 'disk')]
  writeFileSync(image, '')
  truncateSync(image, sizeMiB * 2 ** 20)
  await mkdir(folder)
  for (const [command, ...args] of [
    ['mkfs.ext4', '-q', '-m', '0', image],
    ['mount', '-o', 'loop', image, folder],
  ] as const) {
    const { code, stderr } = await run(command, args).catch((error: Error) => ({
      code: 1,
      stderr: error.message,
    }))
    if (code !== 0) return `${command} failed: ${stderr.trim()}`
  }
  MOUNTED.push(folder)
  const filler = join(folder, 'filler')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  let fillers = 0
  return {
    folder,
    freeBytes,
    fill(leftBytes = 0) {
      // What the file system needs for its own books cannot be taken at once.
      for (
        let piece = freeBytes() - leftBytes;
        piece >= 4096;
        piece = Math.min(piece, freeBytes() - leftBytes)
      )
        try {
          execFileSync('fallocate', ['-l', String(piece), `${filler}-${fillers++}`], { stdio: 'ignore' })
        } catch {
          rmSync(`${filler}-${fillers - 1}`, { force: true })
          piece = Math.floor(piece / 2)
        }
    },
    empty() {
      for (; fillers > 0; fillers--) rmSync(`${filler}-${fillers - 1}`, { force: true })
    },
    remount: (how) => void execFileSync('mount', ['-o', `remount,${how}`, folder]),
  }
}
