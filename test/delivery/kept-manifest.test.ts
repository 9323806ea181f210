import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptOf, type Manifest, manifestOf } from '../../src/delivery/lineage/manifest.ts'

const manifest: Omit<Manifest, 'destination' | 'place' | 'format'> = {
  ...{ id: 'id', number: 1, kind: 'objects', reason: 'size', sealedAt: 1, version: 1 },
  ...{ compressionFormat: 'GZIP', delimiter: 'Cg==', records: 1, bytes: 2, oldestArrival: 0, giveUpAt: 9 },
  ranges: [{ group: 'g', log: 'l', from: 0, to: 1, records: 1, bytes: 2, firstArrival: 0, lastArrival: 0 }],
  partitionKeys: { customer: 'a' },
  after: [{ group: 'g', log: 'l', shardId: '', next: 1 }],
}

test('a manifest of an object is kept as it always was, with bucket and key among its own words', () => {
  const place = { bucket: 'b', key: 'k', storageClass: 'STANDARD', expectedBucketOwner: '123456789012' }
  const kept = { ...manifest, ...place }
  const whole: Manifest = { ...manifest, destination: 's3', format: 'joined', place }
  assert.deepEqual(keptOf(whole), kept)
  assert.deepEqual(manifestOf(kept), whole)
})

test('a manifest of another destination or format says so, and its place may have words of its own', () => {
  const whole: Manifest = { ...manifest, destination: 'x', format: 'y', place: { id: 'of the place' } }
  assert.deepEqual(manifestOf(keptOf(whole)), whole)
})
