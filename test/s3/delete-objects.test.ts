import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('many are deleted at once, and what was refused is said of each', async () => {
  const { put, call } = await boundS3()
  await put('a', '1')
  await put('b', '2')
  const answer = await call('DeleteObjects', {
    Bucket: 'lake',
    Delete: {
      Objects: [{ Key: 'a' }, { Key: 'b', ETag: '"no"' }, { Key: 'c' }, { Key: 'd', VersionId: 'v1' }],
    },
  })
  assert.deepEqual(
    answer.Deleted.map(({ Key }: Answer) => Key),
    ['a', 'c'],
  )
  assert.deepEqual(
    answer.Errors.map(({ Key, Code, Message }: Answer) => [Key, Code, Message]),
    [
      ['b', 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold'],
      ['d', 'NoSuchVersion', 'The specified version does not exist.'],
    ],
  )
  assert.equal((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount, 1)
})

test('a thousand objects at most are deleted at once, and at least one', async () => {
  const { refused } = await boundS3()
  for (const count of [0, 1001]) {
    const Objects = Array.from({ length: count }, (_, index) => ({ Key: `${index}` }))
    const { code, message } = await refused('DeleteObjects', { Bucket: 'lake', Delete: { Objects } })
    assert.deepEqual(
      [code, message],
      [
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      ],
    )
  }
})

test('DeleteObjects wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteObjects', { Delete: { Objects: [{ Key: 'key' }] } })
})
