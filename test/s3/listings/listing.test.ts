import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ListingQuery, listPage, type Seek, successorOf } from '../../../src/s3/listing.ts'

const inOrder = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other))
const sourceOf =
  (sorted: readonly string[]) =>
  async ({ prefix, from, after, limit }: Seek) =>
    sorted
      .filter(
        (key) =>
          key.startsWith(prefix) &&
          (from === undefined || inOrder(key, from) >= 0) &&
          (after === undefined || inOrder(key, after) > 0),
      )
      .slice(0, limit)
      .map((key) => ({ key }))

/** What S3 documents, in the most direct way. */
function listed(
  sorted: readonly string[],
  { prefix, delimiter, after }: Omit<ListingQuery, 'limit'>,
): string[] {
  const shown = new Set<string>()
  for (const key of sorted) {
    if (!key.startsWith(prefix) || (after !== undefined && inOrder(key, after) <= 0)) continue
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const name = at < 0 ? key : key.slice(0, at + delimiter.length)
    if (name !== after) shown.add(name)
  }
  return [...shown]
}

const text = (maxLength: number) =>
  fc.string({
    unit: fc.constantFrom('a', 'b', '/', '-', 'é', '\u{1f600}', '\uffff', '\u{10ffff}'),
    maxLength,
  })

test('pages put together show every key and every common prefix once, in the order of UTF-8 bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(text(6), { maxLength: 60 }),
      text(2),
      fc.constantFrom('', '/', 'a', '-/', '\u{10ffff}'),
      fc.option(text(4), { nil: undefined }),
      fc.integer({ min: 1, max: 7 }),
      async (keys, prefix, delimiter, startAfter, limit) => {
        const sorted = [...new Set(keys)].sort(inOrder)
        const all: string[] = []
        let after = startAfter
        for (;;) {
          const page = await listPage(sourceOf(sorted), { prefix, delimiter, after, limit })
          const shown = [...page.entries.map(({ key }) => key), ...page.commonPrefixes].sort(inOrder)
          assert.ok(shown.length <= limit)
          all.push(...shown)
          if (page.next === undefined) break
          assert.equal(shown.length, limit)
          after = page.next
        }
        assert.deepEqual(all, listed(sorted, { prefix, delimiter, after: startAfter }))
      },
    ),
  )
})

test('what lies behind a common prefix is skipped by seeking, not by reading', async () => {
  const sorted = Array.from({ length: 5000 }, (_, index) => `${index < 4000 ? 'a' : 'b'}/${index}`).sort(
    inOrder,
  )
  let read = 0
  const source = sourceOf(sorted)
  const counting = async (seek: Seek) => {
    const batch = await source(seek)
    read += batch.length
    return batch
  }
  const page = await listPage(counting, { prefix: '', delimiter: '/', limit: 1000 })
  assert.deepEqual(page, { entries: [], commonPrefixes: ['a/', 'b/'] })
  assert.ok(read < 200, `${read} keys were read`)
})

test('a page of nothing is empty and not truncated', async () => {
  assert.deepEqual(await listPage(sourceOf(['a']), { prefix: '', delimiter: '', limit: 0 }), {
    entries: [],
    commonPrefixes: [],
  })
})

test('the successor of a prefix is the least text behind everything that starts with it', () => {
  assert.equal(successorOf('a/'), 'a0')
  assert.equal(successorOf('\ud7ff'), '\ue000')
  assert.equal(successorOf('a\u{10ffff}'), 'b')
  assert.equal(successorOf('\u{10ffff}'), undefined)
})
