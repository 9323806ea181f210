import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBucketName } from '../../../src/s3/buckets/bucket.ts'

test('a bucket has 3 to 63 lower-case letters, digits, dots and hyphens', () => {
  for (const name of ['abc', 'a1b', 'my.bucket-1', 'a'.repeat(63), '1.2.3'])
    assert.ok(isBucketName(name), name)
})

test('other names are not valid', () => {
  for (const name of [
    'ab',
    'a'.repeat(64),
    'Abc',
    'a_b',
    '-ab',
    'ab-',
    '.ab',
    'a..b',
    '192.168.0.1',
    'xn--abc',
    'sthree-abc',
    'abc-s3alias',
    'abc--ol-s3',
    'abc--x-s3',
    '..',
    'a/b',
    'a\0b',
  ])
    assert.ok(!isBucketName(name), name)
})
