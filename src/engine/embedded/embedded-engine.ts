import { join, resolve } from 'node:path'
import type { Clock } from '../../clock/clock.ts'
import type { Random } from '../../clock/random.ts'
import { type Engine, EngineError, type EngineProblems, type Space } from '../ports/engine.ts'
import { createGate } from '../shared/gate.ts'
import { secretBoxOf } from '../shared/sealing.ts'
import { createWaiters } from '../shared/waiters.ts'
import { backUpEngine } from './backup/back-up-engine.ts'
import { openEmbeddedBlobs } from './blobs/blob-store.ts'
import { takesNothing } from './data-folder-error.ts'
import { createDeletions } from './files/deletions.ts'
import { FLOOR_BYTES, freeBytesOf } from './files/disk-space.ts'
import { isErrno } from './files/durable-file.ts'
import { createFolderSpace } from './files/folder-space.ts'
import type { WideMode } from './files/private-files.ts'
import { createReserve, type Reserve } from './files/reserve.ts'
import { createRoom } from './files/room.ts'
import { leaveFolder, openFolder } from './folder/open.ts'
import { secretKeyOf } from './folder/secret-key-file.ts'
import { keyOf } from './log/log-state.ts'
import { createEmbeddedLogs } from './log/log-store.ts'
import { openSharedLog } from './log/shared-log.ts'
import { writeWithin } from './metadata/database.ts'
import { createEmbeddedMetadata } from './metadata/metadata-store.ts'
import { metadataBytesOf } from './metadata/used-bytes.ts'

/** How often what has grown too old is given back when nobody writes. */
const RECLAIM_EVERY_MS = 60 * 60 * 1000

export interface EmbeddedEngineOptions {
  /** Made when it does not exist. */
  readonly dataDir: string
  readonly clock: Pick<Clock, 'lookAt' | 'now'>
  readonly random: Random
  /** What went wrong in the background. */
  readonly onError: (error: unknown) => void
  /** Where what goes on being wrong is said; nowhere if absent. */
  readonly problems?: EngineProblems
  /** When a write-ahead log becomes a segment. */
  readonly walBytes?: number
  /** What is kept free of the disk; for tests. */
  readonly floorBytes?: number
  /** Begins with nothing: what the folder holds is forgotten for good. */
  readonly erase?: boolean
  /** What the folder may take at most, LEAST_MAX_BYTES or more; all that its disk has if absent. */
  readonly maxBytes?: number
  /** Opens although something is missing or damaged: what is lost is said to the problems, and the rest is served. */
  readonly acceptDataLoss?: boolean
  /** Is told what of the folder others than its owner could read until now. */
  readonly onWideModes?: (found: readonly WideMode[]) => void
}

/**
 * Everything in one folder of this machine: `log/`, `metadata/` and `blobs/`.
 * Rejects with DataFolderError, or with EngineError Damaged.
 */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<Engine> {
  const { clock, random, onError, problems = UNHEARD, walBytes, floorBytes = FLOOR_BYTES } = options
  const { erase = false, acceptDataLoss = false, onWideModes = () => undefined } = options
  const folder = resolve(options.dataDir)
  /** What is open, to be closed in reverse order. */
  const closers: (() => unknown)[] = []
  const opened = (close: () => unknown) => void closers.push(close)
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const reserve = createReserve(folder)
    const open = await openFolder({
      ...{ folder, random, problems, erase, acceptDataLoss, onWideModes, opened },
      locked: (work) => checkRoom(folder, reserve, work === 'making it'),
    })
    const { root, rows, catalog, isIncomplete } = open
    const [gate, waiters] = [createGate(), createWaiters()]
    const space = createFolderSpace({ folder, floorBytes, maxBytes: options.maxBytes })
    let reclaim = () => {}
    const room = createRoom({ folder, reserve, space, onChange: telling(problems, () => reclaim()) })
    opened(room.close)
    writeWithin(root, room)
    await room.look()
    const deletions = createDeletions(onError)
    const log = await openSharedLog({
      ...{ ...open, deletions, problems, random, room, onError },
      folder: join(folder, 'log'),
      now: clock.now,
      onReadable: ({ group, name }) => waiters.wake(keyOf(group, name)),
      onStopped: (failure) => tell(problems, 'LogStopped', failure),
      ...(walBytes !== undefined && { walBytes }),
    })
    opened(log.close)
    reclaim = log.maintenance.reclaim
    const blobs = await openEmbeddedBlobs({
      ...{ folder: join(folder, 'blobs'), random, gate, deletions, room, onError },
    })
    opened(blobs.close)
    space.opened({ log: log.sizeBytes, metadata: metadataBytesOf(root), blobs: blobs.sizeBytes })
    await room.look()
    opened(reclaimEveryHour(clock, reclaim))
    const key = await secretKeyOf({ folder, random, problems, erase })
    return {
      secrets: secretBoxOf(key, random),
      logs: createEmbeddedLogs({ log, catalog, now: clock.now, gate, waiters }),
      metadata: createEmbeddedMetadata({ root, rows, gate, problems, admit: room.admit }),
      blobs: isIncomplete ? { ...blobs.store, list: noBlobs } : blobs.store,
      space: () => gate.run(async () => withRefusal(await space.measure(), room.refusal())),
      checkHealth: () => gate.run(room.look),
      refusal: () => log.failure() ?? room.refusal(),
      verifyNext: (after) => gate.run(() => log.verifyNext(after)),
      backUp: (directory, { withKeys = false } = {}) =>
        gate.run(() => backUpEngine({ folder, root, log, deletions, withKeys }, directory)),
      async close() {
        const closed = gate.close()
        waiters.wakeAll()
        await closed
        const isClean = log.failure() === undefined
        const lock = closers.shift()
        await closeAll()
        if (isClean) await leaveFolder(folder).catch(unlessDispensable(onError))
        lock?.()
      },
    }
  } catch (error) {
    await closeAll()
    throw takesNothing(folder, error) ?? error
  }
}

/** While everything is refused there is no room, however much a smaller write would have found. */
const withRefusal = (space: Space, refusal: EngineError | undefined): Space =>
  refusal ? { ...space, roomBytes: 0 } : space

/** Whether there is room is said to the problems; what waited for it goes on. */
const telling = (problems: EngineProblems, goOn: () => void) => (refusal: EngineError | undefined) => {
  tell(problems, 'StorageFull', refusal)
  if (!refusal) goOn()
}

/** Until the function that it gives is called. */
function reclaimEveryHour(clock: EmbeddedEngineOptions['clock'], reclaim: () => void): () => void {
  let cancel = () => {}
  const reclaimLater = () => {
    cancel = clock.lookAt(clock.now() + RECLAIM_EVERY_MS, () => {
      reclaim()
      reclaimLater()
    })
  }
  reclaimLater()
  return () => cancel()
}

/** Without the mark the next start only looks longer; who took the folder away wants none. */
const unlessDispensable = (onError: (error: unknown) => void) => (error: unknown) => {
  if (!isErrno(error, 'ENOENT', 'ENOSPC', 'EDQUOT')) onError(error)
}

/** With less free than this a start gives up the reserve, so that it can go on to reads and deletions. */
const STARTING_BYTES = 2 ** 20

/** What is being made needs that, so that it is not begun without: throws StorageFull. */
async function checkRoom(folder: string, reserve: Reserve, isBeingMade: boolean): Promise<void> {
  const lacksRoom = async () => (await freeBytesOf(folder)) < STARTING_BYTES
  if (!(await lacksRoom())) return
  await reserve.spend()
  if (isBeingMade && (await lacksRoom())) throw new EngineError('StorageFull', `${folder}: no room`)
}

/** Nothing is swept by metadata that may lack something. */
async function* noBlobs(): AsyncGenerator<string> {}

const UNHEARD: EngineProblems = { report: () => undefined, solved: () => undefined }
/** Where everything of this engine lies, as a user names it. */
const DATA_FOLDER = 'data folder'

function tell(problems: EngineProblems, code: string, trouble: EngineError | undefined): void {
  if (trouble) problems.report({ code, where: DATA_FOLDER, what: trouble.message })
  else problems.solved(code, DATA_FOLDER)
}
