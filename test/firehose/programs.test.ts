import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPrograms } from '../../src/firehose/programs/create-programs.ts'
import { type Answer, BOUNDS } from '../../src/firehose/programs/programs.ts'

const programs = createPrograms()
after(() => programs.close())
const NOW = Date.parse('2026-07-03T09:05:07Z')

const ask = (query: string, ...documents: string[]): Promise<Answer[]> =>
  programs.answers(
    query,
    documents.map((text) => Buffer.from(text)),
    { bounds: BOUNDS, now: NOW },
  )
const givenBy = (answer: Answer | undefined): unknown =>
  answer && 'values' in answer ? (answer.values[0] as { a: unknown }).a : answer

const ENDLESS = '{a:(def f: if . < 1 then . else f end; .n | f | tostring)}'

test('a record for which a query does not end costs one second, and only that record', async () => {
  const answers = await ask(ENDLESS, '{"n":0}', '{"n":2}', '{"n":0.5}')
  assert.deepEqual(answers.map(givenBy), ['0', { exceeded: 'time' }, '0.5'])
})

for (const [what, query] of [
  ['a list without end', '{a: ([range(100000000)]|tostring)}'],
  ['a long string', '{a: (.n | "x" * 1000000000)}'],
  ['a text that doubles', '{a: ("a" | until(false; . + .))}'],
  ['deep recursion', '{a: (def f: 1 + f; f)}'],
  ['recursion in an argument', '{a: (def f(x): f(x|x); f(.))}'],
  ['an answer that is larger than what it is made of', '{a: (reduce range(26) as $i ("x"; [.,.]))}'],
  ['a place far off in a list', '{a: ([0] | .[100000000] = 1 | length)}'],
  ['what ends jq itself', '{a: (0|strftime("%" + ("Y"*100000)))}'],
] as const)
  test(`a query exceeds its bounds: ${what}; the next one is answered`, async () => {
    const [answer] = await ask(query, '{"n":2}')
    assert.ok(answer && 'exceeded' in answer, JSON.stringify(answer))
    assert.deepEqual((await ask('{a: .n}', '{"n":1}')).map(givenBy), [1])
  })

test('a query has 64 MiB for a record, however much the machine has', async () => {
  const answers = await ask(
    '{a: (.n | "x" * . | length)}',
    '{"n":1000000000}',
    '{"n":1000000}',
    '{"n":200000000}',
  )
  assert.deepEqual(answers.map(givenBy), [{ exceeded: 'memory' }, 1_000_000, { exceeded: 'memory' }])
})

test('documents of one run know nothing of one another, of their file or of the machine', async () => {
  const machine = [
    ['input', { failure: 'No more inputs' }],
    ['[inputs]', []],
    ['input_filename', null],
    ['input_line_number', 1],
    ['debug', { n: 1 }],
    ['stderr', { n: 1 }],
    ['now', NOW / 1000],
    ['(now|localtime|mktime)', NOW / 1000],
    ['$ENV.HOME', '/home/web_user'],
    ['("x"|test("(a+)+$"))', false],
    ['("x\\u0000y")', 'x\u0000y'],
    ['error(null)', { failure: 'null' }],
    ['error', { failure: '{"n":1}' }],
    ['(.n|halt_error)', { failure: '1' }],
    ['halt', undefined],
  ] as const
  for (const [expression, expected] of machine) {
    const answers = await ask(`{a: ${expression}}`, '{"n":1}', '{"n":1}', '{"n":1}')
    const found = answers.map((one) =>
      'values' in one && one.values.length === 0 ? undefined : givenBy(one),
    )
    assert.deepEqual(found, [expected, expected, expected], expression)
  }
})

test('a query is compiled without being run, and what is none, or reaches beyond itself, is refused', async () => {
  assert.equal(await programs.check('{a:(def f: f; f)}'), undefined)
  assert.equal(await programs.check('{a: 1} # \\'), undefined)
  for (const [query, flaw] of [
    ['{a: .b |}', /^syntax error, /],
    ['{a: 1}]}, try {values:[{a:2}', /^syntax error, /],
    ['include "x"; {a: 1}', /^syntax error, /],
    ['{a: "', /^syntax error, /],
    ['{a: ("x" * 1000000000)}', /^compiling it takes too much$/],
  ] as const)
    assert.match((await programs.check(query)) ?? 'taken', flaw, query)
})

test('documents that jq could not read are found before, wherever they stand', async () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const answers = await ask('{a: length}', 'no', deep(256), deep(257), '"\ud800"', '', '"x"', '[1.0]', '{}{}')
  const none = { flaw: 'Non JSON record provided' }
  const expected = [none, 1, { flaw: 'Exceeds depth limit for parsing' }, 1, none, 1, 1, none]
  assert.deepEqual(answers.map(givenBy), expected)
})

test('whoever ends a run ends it at once, and others go on meanwhile', async () => {
  const ending = new AbortController()
  const run = programs.answers(ENDLESS, [Buffer.from('{"n":2}')], {
    bounds: { ...BOUNDS, timeMs: 600_000 },
    now: NOW,
    signal: ending.signal,
  })
  assert.deepEqual((await ask('{a: .n}', '{"n":1}')).map(givenBy), [1])
  ending.abort(new Error('enough'))
  await assert.rejects(run, /enough/)
})

test('queries that take long leave turns to others', async () => {
  const ending = new AbortController()
  const options = { bounds: { ...BOUNDS, timeMs: 600_000 }, now: NOW, signal: ending.signal }
  const documents = ['{"n":0}', '{"n":2}'].map((text) => Buffer.from(text))
  // As many as there are threads, and one more that waits for its first turn.
  const endless = [1, 2, 3].map(() => assert.rejects(programs.answers(ENDLESS, documents, options), /enough/))
  assert.deepEqual((await ask('{a: .n}', '{"n":1}')).map(givenBy), [1])
  ending.abort(new Error('enough'))
  await Promise.all(endless)
})
