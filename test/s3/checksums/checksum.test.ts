import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumOfParts,
  digestOf,
  isChecksum,
} from '../../../src/s3/checksums/checksum.ts'

async function checksumOf(algorithm: ChecksumAlgorithm, pieces: readonly Uint8Array[]): Promise<string> {
  const digest = await digestOf(algorithm)
  for (const piece of pieces) digest.update(piece)
  return Buffer.from(digest.digest()).toString('base64')
}

/** The check values of the CRC catalogue and of the hashes' own documents, for `123456789`. */
const CHECKS: Partial<Record<ChecksumAlgorithm, string>> = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  MD5: '25f9e794323b453885f5181f1b624d0b',
}

for (const [algorithm, hex] of Object.entries(CHECKS) as [ChecksumAlgorithm, string][])
  test(`${algorithm} gives its check value`, async () => {
    const value = await checksumOf(algorithm, [Buffer.from('1234'), Buffer.from('56789')])
    assert.equal(Buffer.from(value, 'base64').toString('hex'), hex)
  })

test('digests that are computed at the same time do not disturb each other', async () => {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const [one, other] = [await digestOf(algorithm), await digestOf(algorithm)]
    one.update(Buffer.from('one'))
    other.update(Buffer.from('other'))
    one.update(Buffer.from(' more'))
    const alone = await checksumOf(algorithm, [Buffer.from('one more')])
    assert.equal(Buffer.from(one.digest()).toString('base64'), alone, algorithm)
    assert.ok(isChecksum(algorithm, alone), algorithm)
  }
})

for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const)
  test(`the ${algorithm} of the whole follows from those of its parts`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        async (parts) => {
          const pieces = await Promise.all(
            parts.map(async (part) => ({
              checksum: await checksumOf(algorithm, [part]),
              sizeBytes: part.length,
            })),
          )
          assert.equal(
            await checksumOfParts(algorithm, 'FULL_OBJECT', pieces),
            await checksumOf(algorithm, parts),
          )
        },
      ),
    )
  })

test('a composite checksum is of the checksums, with their count', async () => {
  const parts = ['one', 'two'].map((part) => Buffer.from(part))
  const checksums = await Promise.all(parts.map((part) => checksumOf('SHA256', [part])))
  const expected = await checksumOf(
    'SHA256',
    checksums.map((value) => Buffer.from(value, 'base64')),
  )
  assert.equal(
    await checksumOfParts(
      'SHA256',
      'COMPOSITE',
      checksums.map((checksum) => ({ checksum, sizeBytes: 3 })),
    ),
    `${expected}-2`,
  )
})

test('a checksum is base64 of the right length', () => {
  assert.ok(isChecksum('CRC32', 'AAAAAA=='))
  assert.ok(!isChecksum('CRC32', 'AAAA'))
  assert.ok(!isChecksum('CRC32', 'not base64'))
})
