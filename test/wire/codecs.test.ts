import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blob, boolean, integer, list, map, string, structure, timestamp } from '../../src/service/shape.ts'
import { cborFormat } from '../../src/wire/codec/cbor-format.ts'
import { jsonFormat } from '../../src/wire/codec/json-format.ts'

const shape = structure({
  Text: string(),
  Count: integer(),
  Flag: boolean(),
  Bytes: blob(),
  At: timestamp(),
  Names: list(string()),
  Tags: map(string(), string()),
  Inner: structure({ Text: string() }),
})

const bytesOf = (body: unknown): Uint8Array =>
  typeof body === 'string'
    ? Buffer.from(body)
    : Array.isArray(body)
      ? Buffer.concat(body)
      : (body as Uint8Array)

// @smithy/core's CBOR decoder takes a map's key `__proto__` for the prototype: the one key that it loses.
const key = fc.string().filter((text) => text !== '__proto__')

const values = fc.record(
  {
    Text: fc.string({ unit: 'grapheme' }),
    Count: fc.integer(),
    Flag: fc.boolean(),
    Bytes: fc.uint8Array({ maxLength: 200_000 }).map((bytes) => Buffer.from(bytes)),
    At: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    Names: fc.array(fc.string()),
    Tags: fc.dictionary(key, fc.string()).map((tags) => ({ ...tags })),
    Inner: fc.record({ Text: fc.string() }, { requiredKeys: [] }).map((inner) => ({ ...inner })),
  },
  { requiredKeys: [] },
)

for (const [name, format] of Object.entries({ JSON: jsonFormat, CBOR: cborFormat }))
  test(`${name}: what is encoded decodes to the same`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = bytesOf(format.encode(shape, { ...value, Unknown: 1 }))
        const decoded = format.decoderOf(shape)(format.parse(bytes)) as { Bytes?: Uint8Array }
        if (decoded.Bytes) decoded.Bytes = Buffer.from(decoded.Bytes)
        assert.deepEqual(decoded, { ...value })
      }),
      { numRuns: 60 },
    )
  })

test('JSON timestamps have three decimals at most and no exponent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8.64e15 }), (At) => {
      const text = String(jsonFormat.encode(shape, { At }))
      assert.match(text, /^\{"At":\d+(\.\d{1,3})?\}$/)
    }),
  )
})

test('an integer is one of 32 bits, whatever is sent', () => {
  const count = (text: string) =>
    (jsonFormat.decoderOf(shape)(jsonFormat.parse(Buffer.from(`{"Count":${text}}`))) as { Count: number })
      .Count
  assert.deepEqual(['3.7', '-3.7', '1e30', '-1e30', '2147483648'].map(count), [
    3,
    -3,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31 - 1,
  ])
})

test('wrong types are refused in the words of AWS', () => {
  const decode = jsonFormat.decoderOf(shape)
  const TRUNCATING = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted'
  const cases: [input: unknown, message: string][] = [
    [{ Text: true }, 'class java.lang.Boolean can not be converted to an String'],
    [{ Text: 1 }, `${TRUNCATING} to an String`],
    [{ Text: [] }, 'Start of list found where not expected'],
    [{ Text: {} }, 'Start of structure or map found where not expected.'],
    [{ Count: '1' }, 'class java.lang.String can not be converted to an Integer'],
    [{ Flag: 'yes' }, "'YES' can not be converted to an Boolean"],
    [{ Names: 'a' }, 'Expected list or null'],
    [{ Names: {} }, 'Start of structure or map found where not expected.'],
    [{ Tags: 1 }, 'Expected map or null'],
    [{ Tags: [] }, 'Start of list found where not expected'],
    [{ Inner: 'a' }, 'Expected null'],
    [{ At: 'now' }, 'class java.lang.String can not be converted to milliseconds since epoch'],
    [{ Bytes: 1 }, `${TRUNCATING} to a Blob`],
    [
      { Bytes: '23456' },
      "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
    [{ Bytes: '=+/=' }, "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
    [{ Bytes: 'ab-_' }, "'ab-_' can not be converted to a Blob: Invalid Base64 character: '-'"],
    [
      { Bytes: 'a\u00e9cd' },
      "'a\u00e9cd' can not be converted to a Blob: Invalid Base64 character: '\u00e9'",
    ],
    [
      { Bytes: '+/+=' },
      "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
  ]
  for (const [input, message] of cases)
    assert.throws(() => decode(input), { code: 'SerializationException', message }, JSON.stringify(input))
})

test('base64 decodes only when every character is right', () => {
  const decode = jsonFormat.decoderOf(shape)
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.nat(),
      fc.constantFrom('*', '-', '_', ' ', '\n', '='),
      (bytes, at, stray) => {
        const text = Buffer.from(bytes).toString('base64')
        assert.deepEqual(decode({ Bytes: text }), { Bytes: Buffer.from(bytes) })
        if (text.length === 0) return
        const index = at % (text.replace(/=+$/, '').length - 1 || 1)
        const broken = text.slice(0, index) + stray + text.slice(index + 1)
        assert.throws(() => decode({ Bytes: broken }), { code: 'SerializationException' })
      },
    ),
  )
})
