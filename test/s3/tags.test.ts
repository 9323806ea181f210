import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUCKET_TAGS, checkedTags, NEW_BUCKET_TAGS, OBJECT_TAGS, parseTagging } from '../../src/s3/tags.ts'
import { serveS3 } from './serve-s3.ts'

const TagSet = [
  { Key: 'team', Value: 'data + more' },
  { Key: 'empty', Value: '' },
]

test('tags that are not sent at all are taken away, as by an empty TagSet', async (t) => {
  const { call, endpoint, put } = await serveS3(t)
  await put('object', 'a', { Tagging: 'one=1' })
  await call('PutBucketTagging', { Bucket: 'lake', Tagging: { TagSet } })
  for (const [path, status] of [
    ['/lake/object?tagging', 200],
    ['/lake?tagging', 204],
  ] as const) {
    const answer = await fetch(endpoint + path, { method: 'PUT', body: '<Tagging/>' })
    assert.equal(answer.status, status)
  }
  assert.deepEqual((await call('GetObjectTagging', { Bucket: 'lake', Key: 'object' })).TagSet, [])
  assert.equal((await fetch(`${endpoint}/lake?tagging`)).status, 404)
})

test('tags that AWS would not take are refused, and the answer says which', () => {
  const tags = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  assert.equal(checkedTags(tags(10), OBJECT_TAGS).length, 10)
  assert.throws(() => checkedTags(tags(11), OBJECT_TAGS), { code: 'BadRequest' })
  const system = [{ Key: 'aws:a', Value: '' }]
  const twice = [...tags(1), ...tags(1)]
  const invalidKey = 'The TagKey you have provided is invalid'
  const invalidValue = 'The TagValue you have provided is invalid'
  const reserved =
    'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.'
  const long = 'v'.repeat(257)
  const refused: [check: () => unknown, message: string, fields: Record<string, string>][] = [
    [() => checkedTags(tags(51), BUCKET_TAGS), 'Bucket tag count cannot be greater than 50', {}],
    [
      () => checkedTags(twice, BUCKET_TAGS),
      'Cannot provide multiple Tags with the same key',
      { TagKey: 'k0' },
    ],
    [() => checkedTags(system, OBJECT_TAGS), 'Your TagKey cannot be prefixed with aws:', { TagKey: 'aws:a' }],
    [
      () => checkedTags(system, BUCKET_TAGS),
      'System tags cannot be added/updated by requester',
      { TagKey: 'aws:a' },
    ],
    [() => checkedTags(system, NEW_BUCKET_TAGS), reserved, {}],
    [() => parseTagging('=1'), invalidKey, { TagKey: '' }],
    [() => parseTagging('a,b=1'), invalidKey, { TagKey: 'a,b' }],
    [() => parseTagging('aws:a=1'), 'Your TagKey cannot be prefixed with aws:', { TagKey: 'aws:a' }],
    [() => parseTagging(`a=${long}`), invalidValue, { TagKey: 'a', TagValue: long }],
    [() => parseTagging('a=<'), invalidValue, { TagKey: 'a', TagValue: '<' }],
  ]
  for (const [check, message, fields] of refused)
    assert.throws(check, { code: 'InvalidTag', message, fields }, String(check))
})

test('tags in a header are a query string', () => {
  assert.deepEqual(parseTagging('a=1%3D2&&b'), [
    { Key: 'a', Value: '1=2' },
    { Key: 'b', Value: '' },
  ])
  for (const header of ['a=1&a=2', 'key1=val1,key2=val2'])
    assert.throws(() => parseTagging(header), {
      code: 'InvalidArgument',
      message:
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      fields: { ArgumentName: 'x-amz-tagging', ArgumentValue: header },
    })
})
