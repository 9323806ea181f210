import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { number } from '../../../src/engine/ports/checks.ts'
import { document as kindOf } from '../../../src/engine/ports/document.ts'
import { type Change, isEngineError, type MetadataStore } from '../../../src/engine/ports/engine.ts'
import type { Subject } from './subject.ts'

const rejects = (promise: Promise<unknown>, code: Parameters<typeof isEngineError>[1]) =>
  assert.rejects(promise, (error) => isEngineError(error, code))

const counter = kindOf<number>({ keys: 'k', version: 1, check: number })

/** JSON and bytes, with keys and strings of every kind. */
const text = fc.string({ unit: 'binary', maxLength: 8 })
const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -1, 2 ** 53 - 1, 1.5e300),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    text,
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value
/** Bytes are compared as bytes, whatever their class. */
const plain = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? `bytes:${Buffer.from(value).toString('hex')}`
    : Array.isArray(value)
      ? value.map(plain)
      : typeof value === 'object' && value !== null
        ? new Map(Object.entries(value).map(([key, item]) => [key, plain(item)]))
        : value

/** What every engine's documents promise. */
export function metadataStoreContract(open: () => Promise<Subject>): void {
  const withMetadata = async (work: (metadata: MetadataStore) => Promise<void>) => {
    const subject = await open()
    try {
      await work(subject.engine.metadata)
    } finally {
      await subject.close()
    }
  }
  const keysOf = async (metadata: MetadataStore, range: Parameters<MetadataStore['list']>[0]) =>
    (await metadata.list(range)).map(({ key }) => key)

  describe('metadata', () => {
    test('a document is read back with the revision of its commit, until it is deleted', () =>
      withMetadata(async (metadata) => {
        assert.equal(await metadata.get('k'), undefined)
        const revision = await metadata.commit([{ put: 'k', value: { n: 1 } }])
        assert.deepEqual(await metadata.get('k'), { key: 'k', value: { n: 1 }, revision })
        await metadata.commit([{ delete: 'k' }])
        assert.equal(await metadata.get('k'), undefined)
        await metadata.commit([{ delete: 'k' }])
      }))

    test('every kind of value comes back as it was', () =>
      withMetadata(async (metadata) => {
        await fc.assert(
          fc.asyncProperty(document, async (value) => {
            await metadata.commit([{ put: 'k', value }])
            assert.deepEqual(plain((await metadata.get('k'))?.value), plain(value))
          }),
          { numRuns: 100 },
        )
      }))

    test('neither the value that was put nor the one that was got is the stored one', () =>
      withMetadata(async (metadata) => {
        const value = { list: [1], bytes: new Uint8Array([1]) }
        await metadata.commit([{ put: 'k', value }])
        value.list.push(2)
        value.bytes[0] = 9
        const got = (await metadata.get<typeof value>('k'))!.value
        got.bytes[0] = 8
        assert.deepEqual(
          plain((await metadata.get('k'))?.value),
          plain({ list: [1], bytes: new Uint8Array([1]) }),
        )
      }))

    test("who changes a plain value that it got changes nobody else's, or is refused", () =>
      withMetadata(async (metadata) => {
        await metadata.commit([{ put: 'k', value: { list: [{ n: 1 }] } }])
        for (let time = 0; time < 2; time++) {
          const { value } = (await metadata.get<{ list: { n: number }[] }>('k'))!
          assert.deepEqual(value, { list: [{ n: 1 }] })
          for (const change of [() => value.list.push({ n: 2 }), () => value.list[0]!.n++])
            try {
              change()
            } catch (error) {
              assert.ok(error instanceof TypeError)
            }
        }
      }))

    test('an expectation that is not met changes nothing at all', () =>
      withMetadata(async (metadata) => {
        const revision = await metadata.commit([{ put: 'a', value: 1 }])
        const later = await metadata.commit([{ put: 'a', value: 2, expect: revision }])
        assert.ok(later > revision)
        const failing: Change[][] = [
          [
            { put: 'b', value: 1 },
            { put: 'a', value: 3, expect: revision },
          ],
          [
            { put: 'b', value: 1 },
            { put: 'a', value: 3, expect: 'absent' },
          ],
          [
            { put: 'b', value: 1 },
            { delete: 'a', expect: revision },
          ],
          [
            { put: 'b', value: 1 },
            { check: 'a', expect: 'absent' },
          ],
          [
            { put: 'b', value: 1 },
            { check: 'c', expect: revision },
          ],
          [
            { put: 'b', value: 1 },
            { delete: 'c', expect: revision },
          ],
        ]
        for (const changes of failing) await rejects(metadata.commit(changes), 'Conflict')
        assert.equal(await metadata.get('b'), undefined)
        assert.deepEqual(await metadata.get('a'), { key: 'a', value: 2, revision: later })
        await metadata.commit([
          { check: 'a', expect: later },
          { check: 'c', expect: 'absent' },
          { delete: 'a', expect: later },
        ])
        assert.equal(await metadata.get('a'), undefined)
      }))

    test('a revision is never used twice, not even for a key that was deleted', () =>
      withMetadata(async (metadata) => {
        const first = await metadata.commit([{ put: 'k', value: 1 }])
        await metadata.commit([{ delete: 'k' }])
        const second = await metadata.commit([{ put: 'k', value: 1 }])
        assert.ok(second > first)
        const many = await Promise.all(
          Array.from({ length: 20 }, (_, index) => metadata.commit([{ put: `k${index}`, value: index }])),
        )
        assert.equal(new Set(many).size, 20)
      }))

    test('of those who change a document at once, everybody gets a turn and no change is lost', () =>
      withMetadata(async (metadata) => {
        await Promise.all(
          Array.from({ length: 20 }, () =>
            counter.update<void>(metadata, 'count', (count = 0) => ({ value: count + 1, result: undefined })),
          ),
        )
        assert.equal((await metadata.get('count'))?.value, 20)
      }))

    test('a list begins with its prefix, at from, behind after, and ends at its limit', () =>
      withMetadata(async (metadata) => {
        await metadata.commit(['a', 'p/', 'p/a', 'p/b', 'p/c', 'q'].map((put) => ({ put, value: put })))
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/' }), ['p/', 'p/a', 'p/b', 'p/c'])
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/', from: 'p/b' }), ['p/b', 'p/c'])
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/', after: 'p/b' }), ['p/c'])
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/', after: 'p/aa', limit: 1 }), ['p/b'])
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/', from: 'a' }), ['p/', 'p/a', 'p/b', 'p/c'])
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/', from: 'q' }), [])
        assert.deepEqual(await keysOf(metadata, { prefix: 'p/', limit: 0 }), [])
        assert.deepEqual(await keysOf(metadata, { prefix: '' }), ['a', 'p/', 'p/a', 'p/b', 'p/c', 'q'])
        assert.deepEqual(await keysOf(metadata, { prefix: 'z'.repeat(3000) }), [])
      }))

    test('keys are listed in the order of their UTF-8 bytes, as a sorted model would', () =>
      withMetadata(async (metadata) => {
        const unit = fc.constantFrom(
          'a',
          'b',
          '/',
          '\0',
          'é',
          '\u{e000}',
          '\u{ffff}',
          '\u{10000}',
          '\u{10ffff}',
        )
        const key = fc.string({ unit, minLength: 1, maxLength: 6 })
        const prefix = fc.string({ unit, maxLength: 1 })
        const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(key),
            prefix,
            key,
            fc.boolean(),
            async (keys, prefix, edge, exclusive) => {
              await metadata.commit(keys.map((put) => ({ put, value: 0 })))
              const expected = keys
                .filter((each) => each.startsWith(prefix) && byBytes(each, edge) >= (exclusive ? 1 : 0))
                .sort(byBytes)
              const range = exclusive ? { prefix, after: edge } : { prefix, from: edge }
              assert.deepEqual(await keysOf(metadata, range), expected)
              await metadata.commit(keys.map((each) => ({ delete: each })))
            },
          ),
          { numRuns: 50 },
        )
      }))

    test('a key that is too long is refused, one at the limit is not', () =>
      withMetadata(async (metadata) => {
        const longest = 'k'.repeat(metadata.limits.keyBytes)
        await metadata.commit([{ put: longest, value: 1 }])
        assert.equal((await metadata.get(longest))?.value, 1)
        await rejects(metadata.commit([{ put: `${longest}k`, value: 1 }]), 'TooLarge')
        await rejects(metadata.commit([{ put: '', value: 1 }]), 'TooLarge')
        assert.equal(await metadata.get(`${longest}k`), undefined)
        assert.equal(await metadata.get(''), undefined)
        assert.deepEqual(await keysOf(metadata, { prefix: 'k', after: `${longest}k` }), [])
      }))

    test('a document over the limit is refused, one just under it is not', () =>
      withMetadata(async (metadata) => {
        const { documentBytes } = metadata.limits
        const most = Buffer.alloc(documentBytes - 1024, 7)
        await metadata.commit([{ put: 'large', value: most }])
        assert.equal((await metadata.get('large'))?.value instanceof Uint8Array, true)
        await rejects(metadata.commit([{ put: 'k', value: Buffer.alloc(documentBytes + 1) }]), 'TooLarge')
        assert.equal(await metadata.get('k'), undefined)
      }))

    test('a commit of too many changes is refused, one of as many as may be is not', (t) =>
      withMetadata(async (metadata) => {
        const { changes } = metadata.limits
        if (!Number.isFinite(changes)) return t.skip('it takes any number of changes')
        const puts = (count: number) => Array.from({ length: count }, (_, n) => ({ put: `k${n}`, value: n }))
        await rejects(metadata.commit(puts(changes + 1)), 'TooLarge')
        assert.deepEqual(await metadata.list({ prefix: 'k' }), [])
        await metadata.commit(puts(changes))
        assert.equal((await metadata.list({ prefix: 'k' })).length, changes)
      }))

    test('what was condemned is damaged, to be put over like any other', () =>
      withMetadata(async (metadata) => {
        await metadata.commit([{ put: 'k', value: 'wrong' }])
        assert.ok(isEngineError(metadata.condemn('k'), 'Damaged'))
        await metadata.commit([{ put: 'k', value: 'right' }])
        assert.equal((await metadata.get('k'))?.value, 'right')
      }))

    test('a watcher hears of puts and deletes under its prefix until it is aborted', () =>
      withMetadata(async (metadata) => {
        const heard: string[] = []
        const controller = new AbortController()
        metadata.watch('p/', (key) => heard.push(key), controller.signal)
        await metadata.commit([
          { put: 'p/a', value: 1 },
          { put: 'q', value: 1 },
          { check: 'p/z', expect: 'absent' },
        ])
        await metadata.commit([{ delete: 'p/a' }])
        await metadata.commit([{ put: 'p/b', value: 1, expect: 1 }]).catch(() => undefined)
        controller.abort()
        await metadata.commit([{ put: 'p/c', value: 1 }])
        assert.deepEqual(heard, ['p/a', 'p/a'])
      }))

    test('afterwards a closed engine refuses', async () => {
      const subject = await open()
      await subject.close()
      await rejects(subject.engine.metadata.get('k'), 'Closed')
      await rejects(subject.engine.metadata.commit([]), 'Closed')
    })
  })
}
