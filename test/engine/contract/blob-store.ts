import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { crc32c } from '@node-rs/crc32'
import fc from 'fast-check'
import { type BlobStore, type FinishedBlob, isEngineError } from '../../../src/engine/ports/engine.ts'
import type { Subject } from './subject.ts'

const rejects = (promise: Promise<unknown>, code: Parameters<typeof isEngineError>[1]) =>
  assert.rejects(promise, (error) => isEngineError(error, code))
async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
const collect = async (pieces: AsyncIterable<Uint8Array>) => Buffer.concat(await allOf(pieces))
const ALL = { start: 0, end: Number.MAX_SAFE_INTEGER }
const ONE = { sizeBytes: 1 }
const read = (blobs: BlobStore, blob: FinishedBlob, range = ALL) => blobs.read(blob.id, range, blob)

async function store(blobs: BlobStore, ...chunks: Uint8Array[]): Promise<FinishedBlob> {
  const writer = await blobs.create()
  for (const chunk of chunks) await writer.write(chunk)
  return writer.finish()
}

const chunksOf = (bytes: Uint8Array, chunkBytes: number) =>
  Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  )

/** What every engine's blobs promise. */
export function blobStoreContract(open: () => Promise<Subject>): void {
  const withBlobs = async (work: (blobs: BlobStore) => Promise<void>) => {
    const subject = await open()
    try {
      await work(subject.engine.blobs)
    } finally {
      await subject.close()
    }
  }

  describe('blobs', () => {
    test('a piece that was given back, even twice, holds nothing, and nobody else is given its bytes', () =>
      withBlobs(async (blobs) => {
        const [one, other] = [randomBytes(2.5 * 2 ** 20), randomBytes(2.5 * 2 ** 20)]
        const [first, second] = [await store(blobs, one), await store(blobs, other)]
        const readBack = async (blob: FinishedBlob, expected: Buffer, start: number) => {
          let at = start
          for await (const piece of await read(blobs, blob, { start, end: expected.length })) {
            assert.ok(Buffer.from(piece).equals(expected.subarray(at, at + piece.length)))
            at += piece.length
            blobs.release(piece)
            blobs.release(piece)
            if (start === 0) assert.equal(piece.length, 0)
          }
          assert.equal(at, expected.length)
        }
        for (let round = 0; round < 3; round++)
          await Promise.all([
            readBack(first, one, 0),
            readBack(second, other, 0),
            readBack(first, one, 1000),
            readBack(second, other, 2 ** 20 + 1),
          ])
      }))

    test('any chunks and any range of them are read back', () =>
      withBlobs(async (blobs) => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }),
            fc.nat(300),
            fc.nat(300),
            async (chunks, start, end) => {
              const blob = await store(blobs, ...chunks)
              const all = Buffer.concat(chunks)
              assert.deepEqual(await collect(await read(blobs, blob)), all)
              assert.deepEqual(
                await collect(await read(blobs, blob, { start, end })),
                all.subarray(start, Math.max(start, end)),
              )
            },
          ),
          { numRuns: 30 },
        )
      }))

    test("what was read is the reader's own: whatever becomes of it, the blob stays as it is", () =>
      withBlobs(async (blobs) => {
        const blob = await store(blobs, Buffer.from('standpipe'))
        for (const piece of await allOf(await read(blobs, blob))) piece.fill(0)
        assert.equal((await collect(await read(blobs, blob))).toString(), 'standpipe')
      }))

    test('a large blob is read in pieces, and a chunk may be reused once it was written', () =>
      withBlobs(async (blobs) => {
        const writer = await blobs.create()
        const chunk = Buffer.alloc(500_000)
        for (let index = 0; index < 4; index++) await writer.write(chunk.fill(index))
        const blob = await writer.finish()
        const expected = Buffer.concat([0, 1, 2, 3].map((fill) => Buffer.alloc(500_000, fill)))
        assert.ok((await collect(await read(blobs, blob))).equals(expected))
        const middle = { start: 499_999, end: 1_500_001 }
        assert.ok(
          (await collect(await read(blobs, blob, middle))).equals(expected.subarray(499_999, 1_500_001)),
        )
      }))

    test('a blob has exactly the bytes it was given, just under, at and over every boundary', () =>
      withBlobs(async (blobs) => {
        const [block, stage] = [4096, 2 ** 20]
        for (const boundary of [block, stage, stage + block, 2 * stage])
          for (const sizeBytes of [boundary - 1, boundary, boundary + 1])
            for (const chunkBytes of [65_536, 99_991, sizeBytes]) {
              const bytes = randomBytes(sizeBytes)
              const blob = await store(blobs, ...chunksOf(bytes, chunkBytes))
              assert.ok((await collect(await read(blobs, blob))).equals(bytes), `${sizeBytes} bytes`)
            }
      }))

    test('blobs that are written side by side do not mix, whichever of them are aborted, even twice', () =>
      withBlobs(async (blobs) => {
        const writeOne = async (fill: number) => {
          const writer = await blobs.create()
          for (let count = 0; count < 30; count++) await writer.write(Buffer.alloc(50_000, fill))
          if (fill % 3 > 0) return { fill, blob: await writer.finish() }
          await writer.abort()
          await writer.abort()
          return undefined
        }
        const fills = Array.from({ length: 40 }, (_, index) => index)
        for (const written of await Promise.all(fills.map(writeOne)))
          if (written)
            assert.ok(
              (await collect(await read(blobs, written.blob))).equals(Buffer.alloc(1_500_000, written.fill)),
            )
      }))

    test('an unknown, a malformed and a deleted id are refused; deleting twice is not', () =>
      withBlobs(async (blobs) => {
        const blob = await store(blobs, Buffer.from('x'))
        await blobs.delete(blob.id)
        await blobs.delete(blob.id)
        await rejects(read(blobs, blob), 'NoSuchBlob')
        await rejects(blobs.copy(blob.id), 'NoSuchBlob')
        await rejects(blobs.read('../../etc/passwd', ALL, ONE), 'NoSuchBlob')
      }))

    test('a reader goes on to the end when the blob is deleted meanwhile', () =>
      withBlobs(async (blobs) => {
        const bytes = Buffer.alloc(1_000_000, 7)
        const blob = await store(blobs, bytes)
        const reading = await read(blobs, blob)
        await blobs.delete(blob.id)
        assert.ok((await collect(reading)).equals(bytes))
      }))

    test('a blob is known by its length and by the CRC32C of each MiB', () =>
      withBlobs(async (blobs) => {
        const nine = await store(blobs, Buffer.from('123456789'))
        assert.deepEqual([nine.sizeBytes, nine.checksums], [9, [0xe3069283]])
        assert.deepEqual((await store(blobs)).checksums, [])
        const bytes = randomBytes(2 * 2 ** 20 + 1)
        const { sizeBytes, checksums } = await store(blobs, ...chunksOf(bytes, 99_991))
        assert.deepEqual(
          [sizeBytes, checksums],
          [bytes.length, chunksOf(bytes, 2 ** 20).map((each) => crc32c(each))],
        )
      }))

    test('what is not as it was written is never read: at once in the first MiB, later where it is', () =>
      withBlobs(async (blobs) => {
        const bytes = randomBytes(3 * 2 ** 20 + 5)
        const blob = await store(blobs, bytes)
        await blobs.verify(blob.id, blob)
        for (const damaged of [0, 1, 2, 3]) {
          const checksums = blob.checksums.map((each, index) => (index === damaged ? each ^ 1 : each))
          const contents = { sizeBytes: blob.sizeBytes, checksums }
          const at = damaged * 2 ** 20
          await rejects(blobs.verify(blob.id, contents), 'Damaged')
          for (const start of [0, at, at + 4, bytes.length - 1]) {
            const pieces: Uint8Array[] = []
            const reading = async () => {
              for await (const piece of await blobs.read(blob.id, { start, end: bytes.length }, contents))
                pieces.push(piece)
            }
            if (start >= at + 2 ** 20) await reading()
            else
              await assert.rejects(reading(), (error) => isEngineError(error, 'Damaged') && error.at === at)
            const given = Buffer.concat(pieces)
            assert.ok(given.equals(bytes.subarray(start, start + given.length)))
            assert.ok(start >= at + 2 ** 20 || given.length <= Math.max(0, at - start))
          }
          await rejects(blobs.read(blob.id, { start: at, end: at + 1 }, contents), 'Damaged')
        }
      }))

    test('a blob of another length than it had is not read, whether its checksums are known or not', () =>
      withBlobs(async (blobs) => {
        const { id, checksums } = await store(blobs, Buffer.from('standpipe'))
        for (const sizeBytes of [8, 10, 2 ** 20 + 1])
          for (const contents of [{ sizeBytes }, { sizeBytes, checksums }]) {
            await rejects(blobs.read(id, { start: 0, end: 1 }, contents), 'Damaged')
            await rejects(blobs.verify(id, contents), 'Damaged')
          }
        assert.equal((await collect(await blobs.read(id, ALL, { sizeBytes: 9 }))).toString(), 'standpipe')
      }))

    test('a copy lives on its own', () =>
      withBlobs(async (blobs) => {
        const blob = await store(blobs, Buffer.from('bytes'))
        const copy = await blobs.copy(blob.id)
        assert.notEqual(copy, blob.id)
        await blobs.delete(blob.id)
        assert.equal((await collect(await blobs.read(copy, ALL, blob))).toString(), 'bytes')
        await blobs.delete(copy)
        await rejects(blobs.read(copy, ALL, blob), 'NoSuchBlob')
      }))

    test('what was aborted is nowhere, and the sweep does not see what this engine wrote', () =>
      withBlobs(async (blobs) => {
        const writer = await blobs.create()
        await writer.write(Buffer.from('x'))
        await writer.abort()
        await store(blobs, Buffer.from('y'))
        assert.deepEqual(await allOf(blobs.list()), [])
      }))
  })
}
