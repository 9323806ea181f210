import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeWords, encodeWords } from '../../../src/s3/dialect/s3-dialect.ts'

test('text that is not ASCII travels as AWS writes it: Q where most is ASCII, B where not', () => {
  for (const [text, header] of [
    ['AMAZON S3 = ?', 'AMAZON S3 = ?'],
    ['ÄMÄZÕÑ S3', '=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?='],
    ['Ã\x84MÃ\x84ZÃ\x95Ã\x91 S3', '=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?='],
    ['\x00\x01\x02\x03', '=?UTF-8?B?AAECAw==?='],
  ] as const) {
    assert.equal(encodeWords(text), header)
    assert.equal(decodeWords(header), text)
  }
})

test('encoded words are read in each charset and either case, and the space between two is none', () => {
  assert.equal(decodeWords('=?UTF-8?Q?actually-ascii?='), 'actually-ascii')
  assert.equal(decodeWords('=?utf-8?b?YWJj?='), 'abc')
  assert.equal(decodeWords('a =?ISO-8859-1?q?=E9_?= =?utf-8?Q?b?= c'), 'a é b c')
  assert.equal(decodeWords('=?martian?Q?a?='), '=?martian?Q?a?=')
  assert.equal(decodeWords('=?UTF-8?X?a?='), '=?UTF-8?X?a?=')
})

test('any text is read as it was written, in words that mail takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      if (decodeWords(text) !== text) return
      const header = encodeWords(text)
      assert.equal(decodeWords(header), text)
      assert.match(header, /^[\t\x20-\x7e]*$/)
      if (header !== text) for (const word of header.split(' ')) assert.ok(word.length <= 75, word)
    }),
  )
})
