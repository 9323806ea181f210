import { mkdir, open, opendir, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Random } from '../../../clock/random.ts'
import { type BlobContents, type BlobStore, type BlobWriter, EngineError } from '../../ports/engine.ts'
import { createPieceMemory } from '../../shared/blob-pieces.ts'
import type { Gate } from '../../shared/gate.ts'
import type { Deletions } from '../files/deletions.ts'
import { isErrno, linkOrCopy, syncFolder, syncFolderOf } from '../files/durable-file.ts'
import { FOLDER_MODE } from '../files/private-files.ts'
import type { Room } from '../files/room.ts'
import { type BlobBytes, countBlobBytes } from './blob-bytes.ts'
import { type OpenBlob, readBlob, verifyBlob } from './blob-reader.ts'
import { createStagedFiles, type StagedFile } from './staged-files.ts'

const SESSION_BYTES = 4
const RANDOM_BYTES = 12
/** Of a MiB, kept for the next readers. */
const SPARE_PIECES = 16
const ID = /^[0-9a-f]{32}$/

interface EmbeddedBlobsOptions {
  readonly folder: string
  readonly random: Random
  readonly gate: Gate
  readonly room: Pick<Room, 'admit' | 'met'>
  readonly deletions: Deletions
  readonly onError: (error: unknown) => void
}

/** A blob store, and what it takes on disk. */
export interface EmbeddedBlobs {
  readonly store: BlobStore
  readonly sizeBytes: () => number
  close(): Promise<void>
}

/**
 * A file for each blob, `ab/abcdef…`. An id ends with what this engine drew when it opened, so that the sweep at
 * start tells what was there before from what is being written now.
 */
export async function openEmbeddedBlobs(options: EmbeddedBlobsOptions): Promise<EmbeddedBlobs> {
  const { folder, random, gate, room, deletions, onError } = options
  const unfinished = await emptyFolder(folder, 'unfinished')
  const createFile = await createStagedFiles(unfinished, room.admit)
  const memory = createPieceMemory(SPARE_PIECES)
  const session = hex(random.bytes(SESSION_BYTES))

  const newId = () => hex(random.bytes(RANDOM_BYTES)) + session
  const pathOf = (id: string) => join(folder, id.slice(0, 2), id)
  const isFormer = (name: string) => ID.test(name) && !name.endsWith(session)
  const size = countBlobBytes(folder, isFormer)
  size.counting.catch(onError)
  const putInto = createBlobFolders(folder)
  /** `put` makes the name of a new blob, which is durable when this resolves. */
  const place = async (id: string, put: (path: string) => Promise<void>) => {
    await putInto(pathOf(id), put)
    return id
  }
  /** Deleted, but still there: see deletions.ts. */
  const going = new Set<string>()
  const checkThere = (id: string) => {
    checkId(id)
    if (going.has(id)) throw new EngineError('NoSuchBlob', `there is no blob ${id}`)
  }
  const openBlob = async (id: string, contents: BlobContents): Promise<OpenBlob> => {
    checkThere(id)
    const handle = await open(pathOf(id), 'r').catch((error) => rethrow(room, error, id))
    return { id, handle, contents }
  }

  const store: BlobStore = {
    admit: (bytes) => gate.run(async () => orThrow(await room.admit(bytes))),
    create: () =>
      gate.run(async () => {
        const id = newId()
        const temporary = join(unfinished, id)
        const refuse = (error: unknown) => rethrow(room, error)
        const file = await createFile(temporary).catch(refuse)
        return writerOf({ id, temporary, file, gate, size, refuse, place: (put) => place(id, put) })
      }),
    read: (id, range, contents) =>
      gate.run(async () => readBlob(await openBlob(id, contents), range, memory)),
    release: memory.release,
    verify: (id, contents) => gate.run(async () => verifyBlob(await openBlob(id, contents))),
    copy: (id) =>
      gate.run(async () => {
        checkThere(id)
        return place(newId(), async (path) => {
          await linkOrCopy(pathOf(id), path)
          size.add((await stat(path)).size)
        }).catch((error) => rethrow(room, error, id))
      }),
    delete: (id) =>
      gate.run(async () => {
        checkId(id)
        going.add(id)
        await deletions.run(async () => {
          await size.removing(id, pathOf(id), () => removeFile(pathOf(id)))
          going.delete(id)
        })
      }),
    async *list() {
      gate.check()
      for (const name of await readdir(folder))
        if (/^[0-9a-f]{2}$/.test(name))
          for await (const blob of await opendir(join(folder, name))) if (isFormer(blob.name)) yield blob.name
    },
  }
  return { store, sizeBytes: size.bytes, close: size.stop }
}

/** Made anew, durably. */
async function emptyFolder(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true, mode: FOLDER_MODE })
  // The folder itself stays: on a full disk there may be no room for another.
  for (const one of await readdir(path)) await rm(join(path, one), { recursive: true })
  await syncFolder(folder)
  await syncFolderOf(folder)
  return path
}

/** Resolves with whether it was there. */
const removeFile = (path: string): Promise<boolean> =>
  unlink(path).then(
    () => true,
    (error) => {
      if (!isErrno(error, 'ENOENT')) throw error
      return false
    },
  )

/** The folders that blobs lie in: made when the first blob comes, and durable before it. */
function createBlobFolders(folder: string) {
  /** The folders that are known to be durable, or on the way there. */
  const folders = new Map<string, Promise<void>>()
  const makeFolder = async (path: string) => {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE })
    await syncFolder(folder)
  }
  return async (path: string, put: (path: string) => Promise<void>): Promise<void> => {
    const parent = dirname(path)
    const made = folders.get(parent) ?? makeFolder(parent)
    folders.set(parent, made)
    await made.catch((error) => {
      folders.delete(parent)
      throw error
    })
    await put(path)
    await syncFolder(parent)
  }
}

interface NewBlob {
  readonly id: string
  readonly temporary: string
  readonly file: StagedFile
  readonly gate: Gate
  readonly size: BlobBytes
  readonly place: (put: (path: string) => Promise<void>) => Promise<unknown>
  readonly refuse: (error: unknown) => Promise<never>
}

function writerOf({ id, temporary, file, gate, size, refuse, place }: NewBlob): BlobWriter {
  let counted = 0
  /** Finished or discarded: what it counts for is settled. */
  let isOver = false
  const count = (bytes: number) => {
    if (isOver) return
    size.add(bytes)
    counted += bytes
  }
  const discard = async () => {
    await file.close()
    await rm(temporary, { force: true })
    count(-counted)
    isOver = true
  }
  return {
    write: (chunk) =>
      gate.run(async () => {
        await file.append(chunk).catch(refuse)
        count(chunk.length)
      }),
    finish: () =>
      gate.run(async () => {
        try {
          const contents = await file.finish()
          await place((path) => rename(temporary, path))
          isOver = true
          return { id, ...contents }
        } catch (error) {
          await discard()
          return await refuse(error)
        }
      }),
    abort: discard,
  }
}

const hex = (bytes: Iterable<number>): string => Buffer.from([...bytes]).toString('hex')

function checkId(id: string): void {
  if (!ID.test(id)) throw new EngineError('NoSuchBlob', `there is no blob ${id}`)
}

function orThrow(refusal: EngineError | undefined): void {
  if (refusal) throw refusal
}

/** In the engine's words, where it has any. */
async function rethrow(room: Pick<Room, 'met'>, error: unknown, id?: string): Promise<never> {
  if (isErrno(error, 'ENOENT') && id) throw new EngineError('NoSuchBlob', `there is no blob ${id}`)
  throw (await room.met(error)) ?? error
}
