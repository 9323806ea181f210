import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signal } from '@preact/signals'
import { createSearch } from '../../console/screens/stream/records/search.ts'
import { StreamRecord } from '../../console/screens/stream/records/stream-record.ts'

const MOST = 40_000

/** A feed that holds the newest records. */
function startFeed() {
  const records = signal<readonly StreamRecord[]>([])
  const letGo = signal(0)
  let position = 0
  const add = (count: number) => {
    const news = Array.from({ length: count }, () => {
      const data = btoa(JSON.stringify({ value: position % 7 }))
      const view = { shardId: 'shardId-0', sequenceNumber: '', arrivedAt: 0, partitionKey: '', hashKey: '' }
      return new StreamRecord({ ...view, position: position++, data })
    })
    const all = [...records.peek(), ...news]
    letGo.value += Math.max(0, all.length - MOST)
    records.value = all.slice(-MOST)
  }
  return { records, letGo, add }
}

const isWanted = (record: Pick<StreamRecord, 'json'>) => (record.json() as { value: number }).value === 3

async function untilDone({ isDone }: Pick<ReturnType<typeof createSearch>, 'isDone'>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = isDone.subscribe((done) => done && resolve())
  await promise
  stop()
}

test('a search finds every record that passes, in its order, while records come and are let go', async () => {
  const feed = startFeed()
  feed.add(MOST)
  const search = createSearch(feed, isWanted)
  assert.equal(search.isDone.value, false, 'it does not look through all of them at once')
  feed.add(5_000)
  for (const count of [1, 20_000, 3]) {
    await untilDone(search)
    assert.deepEqual(search.found.value, feed.records.value.filter(isWanted))
    feed.add(count)
  }
  await untilDone(search)
  assert.equal(feed.letGo.value, 25_004)
  assert.deepEqual(search.found.value, feed.records.value.filter(isWanted))
  search.close()
})
