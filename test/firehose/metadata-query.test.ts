import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { extractKeys } from '../../src/firehose/processors/metadata-extraction.ts'
import { checkPrograms } from '../../src/firehose/processors/processors.ts'
import { createPrograms } from '../../src/firehose/programs/create-programs.ts'
import { BOUNDS } from '../../src/firehose/programs/programs.ts'

const programs = createPrograms()
after(() => programs.close())
const options = { bounds: BOUNDS, now: 0 }

const DOCUMENTS = [
  {
    id: 'c-1',
    n: 17,
    price: 3.25,
    round: 4.0,
    big: 12345678901234567000,
    ok: true,
    none: null,
    empty: '',
    at: 1565382027,
    iso: '2019-08-09T20:20:27Z',
    tags: ['x', 'y', 'Z'],
    nested: { type: { device: 'mobile' }, list: [{ v: 1 }, { v: 2 }] },
    text: 'Größe, "quoted" / slash & é',
    path: '/a/b/c',
  },
  { id: 5, tags: [], nested: {}, at: 0, text: 'plain', path: 'a', n: -1, price: 0, iso: 'no date' },
]

/** As a producer may write them: numbers with zeros that say nothing. */
const TEXTS = DOCUMENTS.map((document) =>
  JSON.stringify(document).replace('"round":4', '"round":4.00,"long":1e2'),
)
const FILTERS = readFileSync(new URL('./jq-filters.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
const queries = FILTERS.flatMap((filter) => [`{k: (${filter})}`, `{k: (${filter} | tostring)}`])

/** What jq 1.6 gives for every query, in a few runs. */
function nativeAnswers(): (object | undefined)[][] {
  const answers: (object | undefined)[][] = []
  for (let from = 0; from < queries.length; from += 40) {
    const program = queries
      .slice(from, from + 40)
      .map((query) => `(try {values: [${query}]} catch {failure: .})`)
      .join(', ')
    const { stdout, stderr } = spawnSync('jq', ['-c', `[${program}]`], {
      input: TEXTS.join('\n'),
      encoding: 'utf8',
    })
    assert.equal(stderr, '')
    const [first = [], second = []] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const [index] of first.entries()) answers.push([first[index], second[index]])
  }
  return answers
}

function keyOf(answer: { values?: { k: unknown }[]; failure?: unknown }): string | undefined {
  const [object, ...others] = answer.values ?? []
  if (!object || others.length > 0 || object.k === null || object.k === '') return undefined
  return typeof object.k === 'string' ? object.k : JSON.stringify(object.k)
}

/** Where the jq in the package, 1.7, answers otherwise than 1.6: how numbers in the query itself are printed. */
const DIFFERENCES = [
  ...pair('1.0', '1.0', '1'),
  ...pair('1e3', '1E+3', '1000'),
  ...pair('100000000000000000000', '100000000000000000000', '1e+20'),
  '{k: (.n|exp10?)}: 100000000000000000, in jq 1.6 99999999999999980',
  '{k: (.n|exp10?)}: 0.1, in jq 1.6 0.09999999999999999',
  '{k: (.n|exp10? | tostring)}: 1e+17, in jq 1.6 99999999999999980',
  '{k: (.n|exp10? | tostring)}: 0.1, in jq 1.6 0.09999999999999999',
]
function pair(filter: string, ours: string, theirs: string): string[] {
  return DOCUMENTS.map(() => `{k: (${filter} | tostring)}: ${ours}, in jq 1.6 ${theirs}`)
}

test('queries give the keys that jq 1.6 gives', async (context) => {
  const version = spawnSync('jq', ['--version'], { encoding: 'utf8' }).stdout
  if (version?.trim() !== 'jq-1.6') return context.skip('jq 1.6 is not installed')
  assert.ok(queries.length > 300, `${queries.length} queries`)
  const expected = nativeAnswers()
  const documents = TEXTS.map((text) => Buffer.from(text))
  const different: string[] = []
  for (const [index, query] of queries.entries()) {
    const found = await extractKeys(programs, query, documents, options)
    for (const [at, one] of found.entries()) {
      const ours = 'keys' in one ? one.keys.k : undefined
      const theirs = keyOf(expected[index]![at]!)
      if (ours !== theirs) different.push(`${query}: ${ours}, in jq 1.6 ${theirs}`)
    }
  }
  assert.deepEqual(different, DIFFERENCES)
})

test('a record that breaks jq itself fails alone', async () => {
  const documents = ['{"customer":"a"}', '{"customer":', '{"customer":"b"}', ''].map((text) =>
    Buffer.from(text),
  )
  const found = await extractKeys(programs, '{customer: .customer}', documents, options)
  assert.deepEqual(
    found.map((one) => ('keys' in one ? one.keys.customer : 'failure' in one && one.failure)),
    ['a', 'Non JSON record provided', 'b', 'Non JSON record provided'],
  )
})

test('a query that is no jq is refused with what jq says', async () => {
  const Parameters = [{ ParameterName: 'MetadataExtractionQuery' as const, ParameterValue: '{a: .b |}' }]
  const processing = { Enabled: true, Processors: [{ Type: 'MetadataExtraction' as const, Parameters }] }
  await assert.rejects(checkPrograms(programs, { processing }), {
    code: 'InvalidArgumentException',
    message: /^MetaDataExtraction JQ Query is invalid: syntax error, /,
  })
})

test('a process whose first query is refused ends well all the same', () => {
  const file = new URL('../../src/firehose/programs/create-programs.ts', import.meta.url)
  const program = `import(${JSON.stringify(file.href)}).then(({ createPrograms }) => createPrograms().check('{a: .b'))`
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})
