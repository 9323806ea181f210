import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import {
  bytes,
  either,
  flag,
  list,
  maybe,
  named,
  number,
  oneOf,
  shape,
  text,
} from '../../src/engine/ports/checks.ts'
import { document, documentAs } from '../../src/engine/ports/document.ts'
import { EngineError, isEngineError, type MetadataStore } from '../../src/engine/ports/engine.ts'

interface Boat {
  readonly name: string
  readonly masts: number
  readonly crew?: readonly string[]
}
const boat = document<Boat>({
  keys: 'boat/',
  version: 1,
  check: shape<Boat>({ name: text, masts: number, crew: maybe(list(text)) }),
})
const isDamaged = (error: unknown) => isEngineError(error, 'Damaged')

/** With these documents under `boat/`, and what was condemned. */
async function storeOf(values: Readonly<Record<string, unknown>>) {
  const { metadata } = createMemoryEngine({ clock: { now: () => 0 } })
  await metadata.commit(Object.entries(values).map(([name, value]) => ({ put: `boat/${name}`, value })))
  const condemned: string[] = []
  const store: MetadataStore = {
    ...metadata,
    condemn(key) {
      condemned.push(key)
      return new EngineError('Damaged', key)
    },
  }
  return { store, condemned }
}

test('each check knows what it checks from everything else', () => {
  const samples = [
    undefined,
    null,
    'text',
    7,
    true,
    new Uint8Array(2),
    [],
    ['a'],
    [1],
    {},
    { a: 'a' },
    { a: 1 },
  ]
  const accepted = (check: (value: unknown) => boolean) => samples.filter((value) => check(value))
  assert.deepEqual(accepted(text), ['text'])
  assert.deepEqual(accepted(number), [7])
  assert.deepEqual(accepted(flag), [true])
  assert.deepEqual(accepted(bytes), [new Uint8Array(2)])
  assert.deepEqual(accepted(oneOf('text', 'other')), ['text'])
  assert.deepEqual(accepted(maybe(number)), [undefined, 7])
  assert.deepEqual(accepted(either(text, number)), ['text', 7])
  assert.deepEqual(accepted(list(text)), [[], ['a']])
  assert.deepEqual(accepted(named(number)), [{}, { a: 1 }])
  assert.deepEqual(accepted(shape<{ readonly a: string }>({ a: text })), [{ a: 'a' }])
})

test('what is not of its kind is condemned, and nothing else', async () => {
  const { store, condemned } = await storeOf({
    good: { name: 'Anna', masts: 2 },
    more: { name: 'Bea', masts: 1, crew: ['x'], color: 'red' },
    bad: { name: 'Carl', masts: 'two' },
    worse: 'Dora',
  })
  assert.deepEqual((await boat.get(store, 'boat/good'))?.value, { name: 'Anna', masts: 2 })
  assert.equal((await boat.get(store, 'boat/more'))?.value.crew?.[0], 'x')
  assert.equal(await boat.get(store, 'boat/none'), undefined)
  assert.deepEqual(condemned, [])
  await assert.rejects(boat.get(store, 'boat/bad'), isDamaged)
  assert.equal(await boat.getUndamaged(store, 'boat/worse'), undefined)
  assert.deepEqual(condemned, ['boat/bad', 'boat/worse'])
  await assert.rejects(boat.list(store, { prefix: 'boat/' }), isDamaged)
})

test('a list leaves out what is damaged and still is as long as it was asked to be', async () => {
  const boats = Array.from({ length: 9 }, (_, n) => [
    `b${n}`,
    n % 3 === 1 ? 'damaged' : { name: `${n}`, masts: n },
  ])
  const { store } = await storeOf(Object.fromEntries(boats))
  const names = async (limit: number) =>
    (await boat.list(store, { prefix: 'boat/', limit, damaged: 'left out' })).map(({ value }) => value.name)
  assert.deepEqual(await names(0), [])
  assert.deepEqual(await names(3), ['0', '2', '3'])
  assert.deepEqual(await names(6), ['0', '2', '3', '5', '6', '8'])
  assert.deepEqual(await names(20), ['0', '2', '3', '5', '6', '8'])
  const wanted = await boat.listWanted(store, { prefix: 'boat/', limit: 2 }, ({ value }) => value.masts > 2)
  assert.deepEqual(
    wanted.map(({ value }) => value.name),
    ['3', '5'],
  )
})

test('a change of a damaged document is refused and changes nothing', async () => {
  const { store } = await storeOf({ good: { name: 'Anna', masts: 2 }, bad: 'Carl' })
  const rename = (key: string) =>
    boat.update(store, key, (current) => ({ value: { name: 'New', masts: current!.masts }, result: 1 }))
  assert.equal(await rename('boat/good'), 1)
  assert.equal((await boat.get(store, 'boat/good'))?.value.name, 'New')
  await assert.rejects(rename('boat/bad'), isDamaged)
  assert.equal((await store.get('boat/bad'))?.value, 'Carl')
})

test('a document of a former version is brought to the version of today, one of a later version is not read', async () => {
  interface Ship {
    readonly documentVersion: 3
    readonly name: string
    readonly sails: readonly string[]
  }
  const isShip = shape<{ readonly name: string; readonly masts: number }>({ name: text, masts: number })
  const ship = document<Ship>({
    keys: 'boat/',
    version: 3,
    check: shape<Ship>({ documentVersion: oneOf(3), name: text, sails: list(text) }),
    upgrades: {
      1: (value) =>
        isShip(value) ? { documentVersion: 2, name: value.name, count: value.masts } : undefined,
      2: (value) => ({
        documentVersion: 3,
        name: (value as { name: string }).name,
        sails: Array.from({ length: (value as { count: number }).count }, (_, n) => `sail ${n}`),
      }),
    },
  })
  const { store, condemned } = await storeOf({
    first: { name: 'Anna', masts: 2 },
    second: { documentVersion: 2, name: 'Bea', count: 1 },
    third: { documentVersion: 3, name: 'Carl', sails: [] },
    later: { documentVersion: 4, name: 'Dora', sails: [] },
  })
  const sailsOf = async (key: string) => (await ship.get(store, `boat/${key}`))?.value.sails
  assert.deepEqual(await sailsOf('first'), ['sail 0', 'sail 1'])
  assert.deepEqual(await sailsOf('second'), ['sail 0'])
  assert.deepEqual(await sailsOf('third'), [])
  assert.deepEqual(condemned, [])
  await assert.rejects(sailsOf('later'), isDamaged)
})

test('documents can be read as what they are for somebody else, checked all the same', async () => {
  const { store } = await storeOf({ good: { name: 'Anna', masts: 2 }, bad: 'Carl' })
  const label = documentAs(boat, ({ key, value }) => `${key} ${value.name}`)
  assert.deepEqual(
    (await label.list(store, { prefix: label.keys, damaged: 'left out' })).map(({ value }) => value),
    ['boat/good Anna'],
  )
  await assert.rejects(label.get(store, 'boat/bad'), isDamaged)
})
