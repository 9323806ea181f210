import { readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RootDatabase } from 'lmdb'
import type { Backup } from '../../ports/engine.ts'
import type { Deletions } from '../files/deletions.ts'
import { syncFolder } from '../files/durable-file.ts'
import { narrow } from '../files/private-files.ts'
import type { SharedLog } from '../log/shared-log.ts'
import { pauseWrites } from '../metadata/database.ts'
import { filesOf, writeBackup } from './write-backup.ts'

interface RunningEngine {
  readonly folder: string
  readonly root: RootDatabase
  readonly log: Pick<SharedLog, 'endOf'>
  readonly deletions: Deletions
  /** With the key file. */
  readonly withKeys?: boolean
}

const DATABASE = 'metadata/data.mdb'

/**
 * Copies all that is durable at one moment, as a server finds it that was killed then: in that moment no document is
 * being written, LMDB's copy begins to read, and it is noted which files the log has and how far they are written.
 * What is deleted meanwhile stays until all is copied; blobs that are newer are orphans of the backup. Rejects with
 * BackupError.
 */
export async function backUpEngine(
  { folder, root, log, deletions, withKeys = false }: RunningEngine,
  to: string,
): Promise<Backup> {
  const release = deletions.hold()
  try {
    return await writeBackup({ from: folder, to }, async (backup) => {
      const target = join(await backup.make('metadata'), 'data.mdb')
      await backup.checkRoom(filesOf(folder, withKeys, isNoDatabase), statSync(join(folder, DATABASE)).size)
      const resume = await pauseWrites(root)
      let copying: Promise<void>
      let ends: ReadonlyMap<string, number | undefined>
      try {
        const names = readdirSync(join(folder, 'log'))
        ends = new Map(names.map((name) => [`log/${name}`, log.endOf(name)]))
        copying = root.backup(backupPathOf(target), false)
        await begun(copying, target)
      } finally {
        resume()
      }
      const isOfThatMoment = (path: string) =>
        isNoDatabase(path) && (!path.startsWith('log/') || ends.has(path))
      try {
        for await (const file of filesOf(folder, withKeys, isOfThatMoment))
          await backup.add(file, ends.get(file.path))
      } finally {
        await copying
      }
      await narrow(target)
      await syncFile(target)
      await syncFolder(join(backup.path, 'metadata'))
      await backup.count(target)
    })
  } finally {
    await release()
  }
}

const isNoDatabase = (path: string) => path !== 'metadata'

/** The folder: LMDB names the file as it always does. */
const backupPathOf = (target: string) => join(target, '..')

/**
 * Resolves when LMDB reads from one state: it writes nothing before it has taken that state for its own. A timer would
 * be of the clock that can be moved, so it is looked at in each turn of the event loop: it takes a few.
 */
async function begun(copying: Promise<void>, target: string): Promise<void> {
  let isOver = false
  const over = copying.finally(() => {
    isOver = true
  })
  // Whoever waits for the copying itself hears of it.
  over.catch(() => undefined)
  while (!isOver && (statSync(target, { throwIfNoEntry: false })?.size ?? 0) === 0) await nextTurn()
  if (isOver) await over
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.sync().finally(() => handle.close())
}
