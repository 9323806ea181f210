import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKnownDocuments } from '../../src/engine/embedded/metadata/metadata-store.ts'

const documentOf = (key: string, revision: number) => ({ key, value: { revision }, revision })

test('a document is known at the revision that was read, and at no other', () => {
  const known = createKnownDocuments()
  known.add(documentOf('k', 1), 10)
  assert.deepEqual(known.find('k', 1), documentOf('k', 1))
  assert.equal(known.find('k', 2), undefined)
  known.add(documentOf('k', 2), 10)
  assert.equal(known.find('k', 1), undefined)
  assert.deepEqual(known.find('k', 2), documentOf('k', 2))
})

test('large documents are not kept, and of many small ones the oldest go', () => {
  const known = createKnownDocuments()
  known.add(documentOf('large', 1), 5_000)
  assert.equal(known.find('large', 1), undefined)
  for (let n = 0; n < 1_500; n++) known.add(documentOf(`k${n}`, n), 10)
  assert.equal(known.find('k0', 0), undefined)
  assert.deepEqual(known.find('k1499', 1_499), documentOf('k1499', 1_499))
})
