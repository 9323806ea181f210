import { soon } from '../../../clock/machine-time.ts'
import { EngineError, isEngineError } from '../../ports/engine.ts'
import { type DiskSpace, freeBytesOf, LOOK_EVERY_BYTES } from './disk-space.ts'
import { isErrno } from './durable-file.ts'
import type { Reserve } from './reserve.ts'

/** How long after a refusal it is looked whether there is room again. */
const LOOK_AGAIN_MS = 1000
/** What a commit of small documents may take, with the pages above them. */
const COMMIT_BYTES = 2 ** 20
const SMALL_BYTES = 64 * 1024

interface RoomOptions {
  readonly folder: string
  readonly space: DiskSpace
  readonly reserve: Reserve
  /** Is told what stands in the way of all writes from now on, or that nothing does any more. */
  readonly onChange: (refusal: EngineError | undefined) => void
}

/**
 * Whether there is room to write: all of the engine asks here, so that everybody is told the same. It is full from the
 * first write that finds too little until there is clearly more, whatever is written meanwhile: then it is looked again
 * each second. What gives space back, and the books that are kept, go on as long as the reserve lasts.
 */
export interface Room {
  /** What speaks against writing so many bytes of somebody's data. */
  admit(bytes: number): Promise<EngineError | undefined>
  /** What speaks against so many bytes of small documents. */
  admitBooks(bytes: number): Promise<EngineError | undefined>
  /** The refusal to answer with, where an error says that a disk is full; nothing is admitted from then on. */
  met(error: unknown): Promise<EngineError | undefined>
  /** Why nothing is admitted now. */
  refusal(): EngineError | undefined
  /** Looks again now. */
  look(): Promise<void>
  close(): Promise<void>
}

/** Resolves with the refusal where the work met a full disk. */
export async function shortageMet(
  room: Pick<Room, 'met'>,
  work: Promise<unknown>,
): Promise<EngineError | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    const refusal = await room.met(error)
    if (!refusal) throw error
    return refusal
  }
}

export function createRoom({ folder, space, reserve, onChange }: RoomOptions): Room {
  let refusal: EngineError | undefined
  let looking: Promise<void> | undefined
  const again = soon(LOOK_AGAIN_MS, () => void look().catch(() => again.ask()))

  const refuse = (reason: string): EngineError => {
    again.ask()
    if (refusal) return refusal
    refusal = new EngineError(
      'StorageFull',
      `${reason}: nothing is written until there is room; reads and deletions go on`,
    )
    onChange(refusal)
    return refusal
  }
  async function lookOnce(): Promise<void> {
    // Not at the edge itself, or it would be crossed with every write. Making the reserve shows that there is room.
    const shortage = await space.shortage(refusal ? 2 * LOOK_EVERY_BYTES : 0)
    if (shortage) refuse(shortage.message)
    else if (!(await reserve.make())) refuse(`the disk of ${folder} takes no more`)
    else if (refusal) {
      refusal = undefined
      onChange(undefined)
    }
  }
  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = undefined
    })
    return looking
  }
  return {
    refusal: () => refusal,
    look,
    async admit(bytes) {
      if (refusal) return refusal
      const shortage = await space.admit(bytes)
      return shortage && refuse(shortage.message)
    },
    async admitBooks(bytes) {
      const shortage = refusal ?? (await space.admit(bytes))
      if (!shortage) return undefined
      refuse(shortage.message)
      const lacksRoom = async () => (await freeBytesOf(folder)) < 2 * bytes + COMMIT_BYTES
      if (!(await lacksRoom())) return undefined
      await reserve.spend()
      // LMDB puts what is small where something else was: that needs no room.
      return bytes > SMALL_BYTES && (await lacksRoom())
        ? refuse(`the disk of ${folder} has no room left`)
        : undefined
    },
    async met(error) {
      if (!isErrno(error, 'ENOSPC', 'EDQUOT') && !isEngineError(error, 'StorageFull')) return undefined
      if (error === refusal) return refusal
      await reserve.spend()
      return refuse(`the disk of ${folder} takes no more (${(error as Error).message})`)
    },
    async close() {
      again.stop()
      // Nobody asks any more.
      await looking?.catch(() => undefined)
    },
  }
}
