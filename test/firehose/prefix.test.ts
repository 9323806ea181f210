import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemRandom } from '../../src/clock/random.ts'
import { objectKeyOf } from '../../src/firehose/destinations/s3/plan.ts'
import { checkPrefixes, evaluatePrefix, parsePrefix } from '../../src/firehose/prefixes/prefix.ts'
import { zonedTimeAt } from '../../src/firehose/prefixes/zoned-time.ts'

const oldestArrival = Date.parse('2026-07-03T00:05:07Z')

const evaluate = (prefix: string, zone = 'UTC') =>
  evaluatePrefix(parsePrefix(prefix) ?? [], {
    time: zonedTimeAt(oldestArrival, zone),
    randomString: () => 'RANDOM-----',
    errorOutputType: 'processing-failed',
  })

test('a prefix is evaluated as AWS does it', () => {
  for (const [prefix, expected] of [
    ['', '2026/07/03/00/'],
    ['legacy', 'legacy2026/07/03/00/'],
    ['raw/', 'raw/2026/07/03/00/'],
    ['year=!{timestamp:yyyy}/day=!{timestamp:dd}/', 'year=2026/day=03/'],
    ['!{firehose:random-string}/', 'RANDOM-----/'],
    ['errors/!{firehose:error-output-type}/', 'errors/processing-failed/'],
    ["!{timestamp:'!'yyyy}", '!2026'],
    ['a!b{c}', 'a!b{c}2026/07/03/00/'],
  ] as const)
    assert.equal(evaluate(prefix), expected, prefix)
  assert.equal(evaluate('', 'Asia/Tokyo'), '2026/07/03/09/')
})

test('a prefix that cannot be evaluated is refused in the words of AWS', () => {
  const errorOutputPrefix = 'e/!{firehose:error-output-type}/'
  const year = '!{timestamp:yyyy}/'
  for (const [prefixes, message] of [
    [{ prefix: 'a!{b', errorOutputPrefix }, 'Invalid expression usage'],
    [{ prefix: 'a!{b}', errorOutputPrefix }, 'Invalid expression usage'],
    [
      { prefix: '!{date:yyyy}', errorOutputPrefix },
      'Namespace to the left of colon (date) is an invalid keyword!',
    ],
    [
      { prefix: '!{timestamp:bb}', errorOutputPrefix },
      'Invalid conversion character used in the value of the expression in !{timestamp:bb}',
    ],
    [
      { prefix: '!{firehose:uuid}', errorOutputPrefix },
      'Invalid conversion character used in the value of the expression in !{firehose:uuid}',
    ],
    [{ prefix: year }, 'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions'],
    [
      { prefix: year, errorOutputPrefix: `errors/${year}` },
      'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
    ],
    [
      { prefix: 'raw/', errorOutputPrefix: 'errors/!{firehose:random-string}/' },
      'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
    ],
    [
      { prefix: '!{firehose:error-output-type}/', errorOutputPrefix },
      'Prefix must not contain any occurrence of !{firehose:error-output-type}',
    ],
    [
      { prefix: '!{partitionKeyFromQuery:a}/', errorOutputPrefix },
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    ],
    [
      { errorOutputPrefix: `${errorOutputPrefix}!{partitionKeyFromQuery:a}/` },
      "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
    ],
    [{ prefix: 'x'.repeat(510) }, 'Length of evaluated prefix cannot be greater than 512'],
    [
      { errorOutputPrefix: 'x'.repeat(510) },
      'Length of evaluated ErrorOutputPrefix cannot be greater than 512',
    ],
  ] as const)
    assert.throws(() => checkPrefixes(prefixes, oldestArrival), {
      code: 'InvalidArgumentException',
      message: `Ths supplied prefix(es) do not satisfy the following constraint: ${message}`,
    })
  checkPrefixes({ prefix: `${year}!{firehose:random-string}/`, errorOutputPrefix }, oldestArrival)
  checkPrefixes({ prefix: 'raw/', errorOutputPrefix: 'errors/' }, oldestArrival)
  checkPrefixes({ prefix: `raw/${year}`, errorOutputPrefix: 'errors/' }, oldestArrival)
  checkPrefixes(
    {
      ...{ prefix: 'data/customer_id=!{partitionKeyFromQuery:customer_id}/', isPartitioned: true },
      errorOutputPrefix: 'prefix1',
    },
    oldestArrival,
  )
  checkPrefixes({}, oldestArrival)
})

test('an object is named after the delivery stream, its version, the oldest arrival and a uuid', () => {
  const key = objectKeyOf(
    {
      prefix: 'raw/!{firehose:random-string}/',
      name: 'to-s3',
      version: 2,
      oldestArrival,
      id: 'UUID',
      timeZone: 'Asia/Tokyo',
      extension: '.gz',
    },
    systemRandom,
  )
  assert.match(key, /^raw\/[A-Za-z0-9]{11}\/to-s3-2-2026-07-03-09-05-07-UUID\.gz$/)
})

test('whatever has no expression stays as it is', () => {
  const literal = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('!{'))
  fc.assert(fc.property(literal, (text) => evaluate(text) === `${text}2026/07/03/00/`))
})
