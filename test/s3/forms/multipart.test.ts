import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { boundaryOf, readMultipart } from '../../../src/s3/forms/multipart.ts'
import { ServiceException } from '../../../src/service/exception.ts'

const BOUNDARY = 'the-boundary'

async function* piecesOf(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? bytes.length)
    yield bytes.slice(at, at + size)
    at += size
  }
}

async function read(bytes: Uint8Array, sizes: readonly number[], boundary = BOUNDARY) {
  const { fields, fileName, file } = await readMultipart(piecesOf(bytes, sizes), boundary)
  const pieces: Uint8Array[] = []
  for await (const piece of file) {
    pieces.push(Buffer.from(piece))
    file.release?.(piece)
  }
  return { fields: Object.fromEntries(fields), fileName, content: Buffer.concat(pieces) }
}

const part = (name: string, value: string, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
const END = `--${BOUNDARY}--\r\n`
const codeOf = async (body: string, sizes: readonly number[] = []) =>
  await read(Buffer.from(body, 'latin1'), sizes).then(
    () => 'read',
    (error) => {
      assert.ok(error instanceof ServiceException, String(error))
      return error.code
    },
  )

/** Contents in which a boundary begins again and again. */
const content = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\r\n--', `\r\n--${BOUNDARY.slice(0, -1)}`, `--${BOUNDARY}`, '\r', '--', '\n'),
      fc.string({ maxLength: 20 }),
    ),
  )
  .map((texts) => Buffer.from(texts.join('')))
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter((name) => name !== 'file')

test("what Node's own FormData writes is read, in whatever pieces it comes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(word, fc.string({ unit: 'grapheme', maxLength: 30 })),
      content,
      fc.string({ maxLength: 12 }).map((name) => name.replaceAll(/[/\\\r\n%]/g, '')),
      sizes,
      async (fields, bytes, fileName, cuts) => {
        const form = new FormData()
        for (const [name, value] of Object.entries(fields)) form.append(name, value)
        form.append('file', new File([new Uint8Array(bytes)], fileName))
        form.append('after', 'ignored')
        const request = new Response(form)
        const body = new Uint8Array(await request.arrayBuffer())
        const boundary = boundaryOf(request.headers.get('content-type')!)
        const found = await read(body, cuts, boundary)
        // A form's newlines are CRLF, and lone surrogates are nothing that UTF-8 has.
        const written = (text: string) => text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')
        assert.deepEqual(
          found.fields,
          Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, written(value)])),
        )
        assert.equal(found.fileName, fileName)
        assert.ok(found.content.equals(bytes))
      },
    ),
    { numRuns: 300 },
  )
})

test('a form that is cut anywhere has no file, whichever pieces it comes in', async () => {
  const whole = part('key', 'k') + part('file', 'a\r\n--b\r\n-content', '; filename="f"') + END
  const complete = whole.length - 2
  for (const size of [1, 7, 1000])
    for (let end = 0; end < whole.length; end++)
      assert.equal(
        (await codeOf(whole.slice(0, end), [size])) === 'read',
        end >= complete,
        `cut at ${end}, in pieces of ${size}`,
      )
})

test('whatever is sent is read, or refused as S3 refuses it', async () => {
  const whole = part('key', 'k') + part('x', 'y') + part('file', 'content', '; filename="f"') + END
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length), fc.nat(6), fc.string({ unit: 'binary', maxLength: 6 })), {
        maxLength: 5,
      }),
      sizes,
      async (changes, cuts) => {
        let body = whole
        for (const [at, count, text] of changes) body = body.slice(0, at) + text + body.slice(at + count)
        await codeOf(body, cuts)
      },
    ),
    { numRuns: 500 },
  )
})

const FILE = part('file', 'x', '; filename="f"')
for (const [what, body, code] of [
  ['nothing', '', 'MalformedPOSTRequest'],
  ['no form', 'key=k&file=x', 'MalformedPOSTRequest'],
  ['no file', part('key', 'k') + END, 'InvalidArgument'],
  ['no last boundary', part('key', 'k') + FILE, 'MalformedPOSTRequest'],
  [
    'a part without a name',
    `--${BOUNDARY}\r\nContent-Type: a/b\r\n\r\nx\r\n${FILE}${END}`,
    'MalformedPOSTRequest',
  ],
  [
    'a boundary that goes on',
    `${FILE.replace('\r\nx', '\r\nx\r\n--the-boundary-and-more\r\ny')}${END}`,
    'MalformedPOSTRequest',
  ],
  ['20 KB of a field', part('x-ignore-a', 'a'.repeat(20_480)) + FILE + END, 'MaxPostPreDataLengthExceeded'],
  ['fields without end', part('a', 'b').repeat(1_000) + FILE + END, 'MaxPostPreDataLengthExceeded'],
  ['a head without end', `--${BOUNDARY}\r\nX: ${'a'.repeat(30_000)}`, 'MaxPostPreDataLengthExceeded'],
  ['a preamble without end', 'a'.repeat(30_000), 'MaxPostPreDataLengthExceeded'],
  ['a preamble', `hello\r\n${FILE}${END}`, 'read'],
  ['a file that is nothing', part('file', '', '; filename=""') + END, 'read'],
  ['a file whose part is a text', part('FILE', 'x') + END, 'read'],
  ['spaces behind a boundary', FILE.replace(BOUNDARY, `${BOUNDARY} \t `) + END, 'read'],
] as const)
  test(`${what}: ${code}`, async () => {
    assert.equal(await codeOf(body), code)
    assert.equal(await codeOf(body, [3]), code)
  })

test('the name of a file is what its sender calls it, without folders', async () => {
  for (const [disposition, name] of [
    ['; filename="a/b\\c.txt"', 'c.txt'],
    ['; filename="C:\\files\\c.txt"', 'c.txt'],
    ['; filename="a%22b\\"c.txt"', 'a"b"c.txt'],
    ["; filename*=utf-8''na%C3%AFve.txt", 'naïve.txt'],
    ['; filename=bare.txt', 'bare.txt'],
    ['; filename="../"', ''],
    ['', ''],
  ] as const)
    assert.equal((await read(Buffer.from(part('file', 'x', disposition) + END), [])).fileName, name)
})

test('no more of a file is read than its reader asks for, and none of it is held', async () => {
  let given = 0
  async function* endless() {
    yield Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\n\r\n`)
    for (;;) {
      given++
      yield Buffer.alloc(64 * 1024)
    }
  }
  const { file, close } = await readMultipart(endless(), BOUNDARY)
  let taken = 0
  for await (const piece of file) {
    assert.ok(piece.length <= 64 * 1024)
    file.release?.(piece)
    assert.equal(piece.length, 0, 'its memory is given back')
    if (++taken === 100) break
  }
  assert.ok(given <= taken + 1, `${given} pieces were read, ${taken} taken`)
  close()
})

test('a boundary is told in quotation marks or without', () => {
  assert.equal(boundaryOf('multipart/form-data; boundary=abc'), 'abc')
  assert.equal(boundaryOf('multipart/form-data; charset=utf-8; Boundary="a b;c"'), 'a b;c')
  for (const wrong of [
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
  ])
    assert.throws(() => boundaryOf(wrong), { code: 'MalformedPOSTRequest' })
})
