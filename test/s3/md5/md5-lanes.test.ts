import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMd5Lanes } from '../../../src/s3/md5/md5-lanes.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const expected = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

/** Each group of pieces is overwritten as soon as it may be. */
async function md5Of(newMd5: ReturnType<typeof createMd5Lanes>, groups: readonly (readonly Uint8Array[])[]) {
  const md5 = newMd5()
  for (const pieces of groups) {
    const lent = pieces.map((piece) => Uint8Array.from(piece))
    await md5.update(lent)
    for (const piece of lent) piece.fill(0xff)
  }
  return hex(md5.digest())
}

/** https://www.rfc-editor.org/rfc/rfc1321#appendix-A.5 */
const RFC_1321 = [
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
  ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
] as const

test('messages have the MD5 that RFC 1321 gives for them, one by one and all at once', async () => {
  const newMd5 = createMd5Lanes()
  for (const [text, value] of RFC_1321) assert.equal(await md5Of(newMd5, [[Buffer.from(text)]]), value)
  const values = await Promise.all(RFC_1321.map(([text]) => md5Of(newMd5, [[Buffer.from(text)]])))
  assert.deepEqual(
    values,
    RFC_1321.map(([, value]) => value),
  )
})

test('every length around one, two and three blocks is hashed right beside every other', async () => {
  const newMd5 = createMd5Lanes()
  const messages = Array.from({ length: 200 }, (_, length) => randomBytes(length))
  const values = await Promise.all(messages.map((message) => md5Of(newMd5, [[message]])))
  assert.deepEqual(values, messages.map(expected))
})

test("messages in pieces of any size are hashed side by side as Node's own MD5 hashes each", async () => {
  const newMd5 = createMd5Lanes()
  const size = fc.oneof(
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 65_400, max: 65_700 }),
    fc.constantFrom(0, 63, 64, 65, 128, 65_536, 131_072, 200_000),
  )
  const groups = fc.array(fc.array(size, { maxLength: 4 }), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.array(groups, { minLength: 1, maxLength: 11 }), async (sizes) => {
      const messages = sizes.map((ofOne) => ofOne.map((group) => group.map((bytes) => randomBytes(bytes))))
      const values = await Promise.all(messages.map((ofOne) => md5Of(newMd5, ofOne)))
      assert.deepEqual(
        values,
        messages.map((ofOne) => expected(Buffer.concat(ofOne.flat()))),
      )
    }),
    { numRuns: 150 },
  )
})

test('a message whose length in bits takes more than 32 bits is hashed right', async () => {
  const piece = randomBytes(2 ** 20)
  const md5 = createMd5Lanes()()
  const node = createHash('md5')
  for (let count = 0; count < 513; count++) {
    await md5.update([piece])
    node.update(piece)
  }
  assert.equal(hex(md5.digest()), node.digest('hex'))
})
