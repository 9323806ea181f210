import { open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { syncFolder } from '../files/durable-file.ts'
import { replaceFile } from './mark.ts'

/** The metadata up to this size are compared with what a clean stop left; it takes 3 ms for 10 MiB. */
const MOST_COMPARED_BYTES = 64 * 2 ** 20
const PIECE_BYTES = 2 ** 20

interface Stopped {
  readonly sizeBytes: number
  readonly crc: number | null
}

const markOf = (folder: string) => join(folder, 'standpipe.stopped')

/** Notes that everything was closed; the last thing that a stop does. */
export async function noteCleanStop(folder: string, metadataFile: string): Promise<void> {
  const stopped = await stoppedOf(metadataFile)
  await replaceFile(markOf(folder), Buffer.from(JSON.stringify(stopped)))
}

/** Whether the last stop was a clean one and the metadata are as it left them. */
export async function isCleanlyStopped(folder: string, metadataFile: string): Promise<boolean> {
  const noted = await readFile(markOf(folder), 'utf8').catch(() => '')
  return noted !== '' && noted === JSON.stringify(await stoppedOf(metadataFile))
}

/** From now on the next end is an unclean one, until it is noted otherwise. */
export async function forgetCleanStop(folder: string): Promise<void> {
  await rm(markOf(folder), { force: true })
  await syncFolder(folder)
}

async function stoppedOf(metadataFile: string): Promise<Stopped> {
  const sizeBytes = (await stat(metadataFile)).size
  return { sizeBytes, crc: sizeBytes <= MOST_COMPARED_BYTES ? await crcOf(metadataFile) : null }
}

async function crcOf(path: string): Promise<number> {
  const handle = await open(path, 'r')
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  let crc = 0
  try {
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, null)
      if (bytesRead === 0) return crc
      crc = crc32(piece.subarray(0, bytesRead), crc)
    }
  } finally {
    await handle.close()
  }
}
