import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Conditions, unmetByRead, unmetByWrite } from '../../../src/s3/objects/precondition.ts'

const object = { etag: 'abc', lastModified: 1_000_000 }
const now = object.lastModified + 5000
const earlier = object.lastModified - 1000
const later = object.lastModified + 1000

const reads: [Conditions, ReturnType<typeof unmetByRead>][] = [
  [{}, undefined],
  [{ ifMatch: '"abc"' }, undefined],
  [{ ifMatch: 'abc' }, undefined],
  [{ ifMatch: 'abc"' }, undefined],
  [{ ifMatch: '*' }, undefined],
  [{ ifMatch: '"x", "abc"' }, undefined],
  [{ ifMatch: '"x"' }, 'If-Match'],
  [{ ifNoneMatch: '"abc"' }, 'If-None-Match'],
  [{ ifNoneMatch: 'W/"abc"' }, 'If-None-Match'],
  [{ ifNoneMatch: '"x"' }, undefined],
  [{ ifModifiedSince: object.lastModified }, 'If-Modified-Since'],
  [{ ifModifiedSince: later }, 'If-Modified-Since'],
  [{ ifModifiedSince: now + 1 }, undefined],
  [{ ifModifiedSince: earlier }, undefined],
  [{ ifUnmodifiedSince: earlier }, 'If-Unmodified-Since'],
  [{ ifUnmodifiedSince: object.lastModified }, undefined],
  [{ ifMatch: 'abc', ifUnmodifiedSince: earlier }, undefined],
  [{ ifNoneMatch: 'x', ifModifiedSince: later }, undefined],
  [{ ifNoneMatch: 'abc', ifModifiedSince: earlier }, 'If-None-Match'],
]

for (const [conditions, unmet] of reads)
  test(`a read with ${JSON.stringify(conditions)} ${unmet ? `fails by ${unmet}` : 'goes on'}`, () => {
    assert.equal(unmetByRead(conditions, object, now), unmet)
  })

test('a write may ask that the key is free, or that it holds what the writer knows', () => {
  assert.equal(unmetByWrite({ ifNoneMatch: '*' }, undefined), undefined)
  assert.equal(unmetByWrite({ ifNoneMatch: '*' }, object), 'If-None-Match')
  assert.equal(unmetByWrite({ ifMatch: '"abc"' }, object), undefined)
  assert.equal(unmetByWrite({ ifMatch: '"x"' }, object), 'If-Match')
  assert.equal(unmetByWrite({ ifMatch: '"abc"' }, undefined), 'absent')
})
