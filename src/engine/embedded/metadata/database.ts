import { type Database, open, type RootDatabase } from 'lmdb'
import { EngineError } from '../../ports/engine.ts'

/** errno where a disk is full or a quota is met, and what LMDB says of a file that cannot grow. */
const FULL = [28, 122, -30792]

/**
 * Address space for 4 GiB of the file in one piece: LMDB would begin with 128 KiB, double that each time it is full, as it does
 * beyond them, and keep all the former pieces, whose pages count as memory of the process once more. It does not live with
 * less address space than it asks for (ulimit -v), so it asks for little. Windows would make the file as large.
 */
const MAPPED: { readonly mapSize?: number } = process.platform === 'win32' ? {} : { mapSize: 2 ** 32 }

/**
 * Without overlappingSync nothing can be read, let alone acknowledged, before it is on disk. Without
 * eventTurnBatching LMDB makes no promise of its own that would reject, unheard, when a commit fails.
 */
export const openDatabase = (path: string): RootDatabase =>
  open({ path, ...MAPPED, overlappingSync: false, eventTurnBatching: false })

/** Of a file that may be damaged, or is not to be changed. */
export const openDatabaseToRead = (path: string): RootDatabase => open({ path, readOnly: true })

/** Under their keys' UTF-8 bytes; a document's version there is its revision. */
export const openDocuments = (root: RootDatabase): Database<Buffer, Buffer> =>
  root.openDB({ name: 'documents', encoding: 'binary', keyEncoding: 'binary', useVersions: true })

/** Who is asked before something is written, and told when that met a full disk. */
export interface WriteRoom {
  admitBooks(bytes: number): Promise<EngineError | undefined>
  met(error: unknown): Promise<EngineError | undefined>
}

interface Writes {
  underWay: number
  room?: WriteRoom
  /** Called when none is under way any more. */
  ended?: () => void
  /** Until then none begins. */
  pause?: Promise<void>
}
const writesOf = new WeakMap<RootDatabase, Writes>()
const writesTo = (root: RootDatabase): Writes => {
  const writes = writesOf.get(root) ?? { underWay: 0 }
  writesOf.set(root, writes)
  return writes
}

/** From now on `room` is asked. */
export const writeWithin = (root: RootDatabase, room: WriteRoom): void => {
  writesTo(root).room = room
}

/**
 * Resolves when what `action` wrote, of so many bytes, is durable. Rejects with StorageFull, and then none of it is
 * written.
 */
export async function transact<T>(root: RootDatabase, action: () => T, bytes = 0): Promise<T> {
  const { room } = writesTo(root)
  const refusal = await room?.admitBooks(bytes)
  if (refusal) throw refusal
  try {
    return await attempt(root, action)
  } catch (error) {
    // Then the reserve has been given up, and there may be room once more.
    if (!room || !(await room.met(error))) throw error
    return await attempt(root, action)
  }
}

async function attempt<T>(root: RootDatabase, action: () => T): Promise<T> {
  const writes = writesTo(root)
  while (writes.pause) await writes.pause
  writes.underWay++
  try {
    return await root.transaction(action)
  } catch (error) {
    throw await reasonOf(error)
  } finally {
    writes.underWay--
    if (writes.underWay === 0) writes.ended?.()
  }
}

/** Resolves when nothing is being written; nothing will be until the function that it gives is called. */
export async function pauseWrites(root: RootDatabase): Promise<() => void> {
  const writes = writesTo(root)
  while (writes.pause) await writes.pause
  let end = () => {}
  writes.pause = new Promise((resolve) => {
    end = resolve
  })
  if (writes.underWay > 0)
    await new Promise<void>((resolve) => {
      writes.ended = resolve
    })
  return () => {
    delete writes.pause
    delete writes.ended
    end()
  }
}

/** LMDB says in a second rejection why a commit failed. */
async function reasonOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> }
  const reason: unknown = commitError ? await commitError.catch((cause: unknown) => cause) : error
  const isFull = FULL.includes(Number((reason as { code?: unknown }).code))
  return isFull ? new EngineError('StorageFull', (reason as Error).message) : reason
}
