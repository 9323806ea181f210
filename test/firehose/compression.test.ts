/** Every format is read back by a decoder that is not ours. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { uncompressSync } from 'snappy'
import { compressionOf } from '../../src/delivery/compressions.ts'
import { temporaryFolder } from '../process.ts'
import { createActive, createLab, destination, NAME } from './firehose-lab.ts'

const TEXT = Buffer.from(Array.from({ length: 20_000 }, (_, index) => `{"record":${index}}\n`).join(''))
const isInstalled = (command: string) => spawnSync(command, ['--version']).error === undefined

async function compressed(format: Parameters<typeof compressionOf>[0], chunkBytes = 10_007): Promise<Buffer> {
  async function* body() {
    for (let at = 0; at < TEXT.length; at += chunkBytes) yield TEXT.subarray(at, at + chunkBytes)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of compressionOf(format).compress!(body(), 'entry-name')) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The raw blocks of a container, by its own lengths. */
function unpackBlocks(bytes: Buffer, withDataLength: boolean): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const dataLength = withDataLength ? bytes.readInt32BE(at) : undefined
    if (withDataLength) at += 4
    const length = bytes.readInt32BE(at)
    const block = uncompressSync(bytes.subarray(at + 4, at + 4 + length)) as Buffer
    assert.ok(block.length <= 32 * 1024)
    if (dataLength !== undefined) assert.equal(block.length, dataLength)
    parts.push(block)
    at += 4 + length
  }
  return Buffer.concat(parts)
}

test('gunzip reads GZIP', async (context) => {
  if (!isInstalled('gunzip')) return context.skip('gunzip is not installed')
  assert.deepEqual(execFileSync('gunzip', ['-c'], { input: await compressed('GZIP') }), TEXT)
})

test('unzip and Python read ZIP: one deflated entry', async (context) => {
  const file = join(temporaryFolder(context), 'object.zip')
  writeFileSync(file, await compressed('ZIP'))
  if (spawnSync('unzip', ['-v']).error) return context.skip('unzip is not installed')
  execFileSync('unzip', ['-tq', file])
  assert.deepEqual(execFileSync('unzip', ['-p', file], { maxBuffer: 10 ** 7 }), TEXT)
  if (!isInstalled('python3')) return context.skip('python3 is not installed')
  const script = `import zipfile
archive = zipfile.ZipFile('${file}')
assert archive.testzip() is None
[entry] = archive.infolist()
print(entry.filename, entry.compress_type, entry.file_size)`
  assert.equal(execFileSync('python3', ['-c', script]).toString().trim(), `entry-name 8 ${TEXT.length}`)
})

test('raw Snappy reads the blocks of both containers', async () => {
  const xerial = await compressed('Snappy')
  assert.equal(xerial.subarray(0, 16).toString('hex'), '82534e41505059000000000100000001')
  assert.deepEqual(unpackBlocks(xerial.subarray(16), false), TEXT)
  assert.deepEqual(unpackBlocks(await compressed('HADOOP_SNAPPY'), true), TEXT)
})

test('the bytes do not depend on how the body is cut', async () => {
  for (const format of ['ZIP', 'Snappy', 'HADOOP_SNAPPY', 'GZIP'] as const)
    assert.deepEqual(await compressed(format, 999_999), await compressed(format, 70_001), format)
})

test('each format has its extension and encoding; a FileExtension replaces only the extension', async () => {
  const named = { GZIP: ['.gz', 'gzip'], ZIP: ['.zip', 'zip'], Snappy: ['.snappy', 'snappy-java'] }
  const all = { ...named, HADOOP_SNAPPY: ['.snappy', 'hadoop-snappy'] }
  for (const [CompressionFormat, [extension, encoding]] of Object.entries(all))
    for (const FileExtension of [undefined, '.json.x']) {
      const lab = await createLab()
      await lab.boot()
      await createActive(lab, destination({ CompressionFormat, ...(FileExtension && { FileExtension }) }))
      await lab.put('abc')
      await lab.clock.advance(300_000)
      const [object] = lab.bucket.list()
      assert.ok(object!.key.includes(`/${NAME}-1-`))
      assert.ok(object!.key.endsWith(FileExtension ?? extension!), object!.key)
      assert.equal(object!.contentEncoding, encoding)
    }
})

test('a delimiter is put behind every record and counts for the size', async () => {
  for (const [parameters, expected] of [
    [undefined, 'a\nb\n'],
    [[{ ParameterName: 'Delimiter', ParameterValue: '\\n' }], 'a\nb\n'],
    [[{ ParameterName: 'Delimiter', ParameterValue: '<|>' }], 'a<|>b<|>'],
  ] as const) {
    const lab = await createLab()
    await lab.boot()
    const Processors = [{ Type: 'AppendDelimiterToRecord', ...(parameters && { Parameters: parameters }) }]
    await createActive(lab, destination({ ProcessingConfiguration: { Enabled: true, Processors } }))
    await lab.put('a')
    await lab.put('b')
    await lab.clock.advance(300_000)
    assert.equal(lab.bucket.list()[0]!.body.toString(), expected)
  }
})
