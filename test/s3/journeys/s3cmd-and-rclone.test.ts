import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { clientEnvironment } from '../../client-access.ts'
import { run, temporaryFolder } from '../../process.ts'
import { MiB } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

const answers = async (command: string) =>
  (await run(command, ['--version']).catch(() => ({ code: 1 }))).code === 0
const noS3cmd = !(await answers('s3cmd')) && 's3cmd is not installed'
const noRclone = !(await answers('rclone')) && 'rclone is not installed'
const LARGE = Buffer.alloc(16 * MiB, 'standpipe ')
const NAME = 'ü & b+.txt'

/** A server, a folder with the files `tree/large.bin` and `tree/dir/ü & b+.txt`, and the tool run there. */
async function tool(t: TestContext, command: string, flagsOf: (host: string) => readonly string[]) {
  const { endpoint, errors } = await serveS3(t)
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'tree/dir'), { recursive: true })
  writeFileSync(join(folder, 'tree/large.bin'), LARGE)
  writeFileSync(join(folder, 'tree/dir', NAME), 'hello')
  const { AWS_CA_BUNDLE: _, ...inherited } = process.env
  const env = {
    ...inherited,
    HOME: folder,
    ...clientEnvironment(endpoint),
  }
  const flags = flagsOf(new URL(endpoint).host)
  const call = (...args: string[]) => run(command, [...flags, ...args], { env, cwd: folder })
  const done = async (...args: string[]) => {
    const { code, stdout, stderr } = await call(...args)
    assert.equal(code, 0, `${command} ${args.join(' ')}\n${stdout}${stderr}`)
    return stdout
  }
  const contentOf = (path: string) => readFileSync(join(folder, path))
  return { call, done, contentOf, errors }
}

test('s3cmd puts, syncs, copies, moves, describes, links, gets and removes', { skip: noS3cmd }, async (t) => {
  const { call, done, contentOf, errors } = await tool(t, 's3cmd', (host) => [
    `--host=${host}`,
    `--host-bucket=${host}`,
    '--no-ssl',
  ])
  await done('mb', 's3://pond')
  await done('sync', 'tree/', 's3://pond/copy/')
  const listing = await done('ls', '-r', 's3://pond')
  assert.match(listing, /16777216 {2}s3:\/\/pond\/copy\/large\.bin\n/)
  assert.ok(listing.includes(` 5  s3://pond/copy/dir/${NAME}\n`), listing)
  assert.match(
    await done('info', 's3://pond'),
    /Location: {2}us-east-1\n(.*\n)* +ACL: +0{52}123456789012: FULL_CONTROL/,
  )
  await done('cp', 's3://pond/copy/large.bin', 's3://pond/again')
  await done('mv', 's3://pond/again', 's3://pond/moved')
  await done('get', 's3://pond/moved', 'back.bin')
  assert.ok(LARGE.equals(contentOf('back.bin')))
  const link = (await done('signurl', `s3://pond/copy/dir/${NAME}`, '+600')).trim()
  assert.equal(await (await fetch(link)).text(), 'hello')
  await done('del', `s3://pond/copy/dir/${NAME}`)
  assert.match((await call('rb', 's3://pond')).stderr, /BucketNotEmpty/)
  await done('rb', '-r', '--force', 's3://pond')
  assert.deepEqual(errors, [])
})

test('rclone copies, checks, moves, links and purges', { skip: noRclone }, async (t) => {
  const { call, done, contentOf, errors } = await tool(t, 'rclone', (host) => [
    '--config=/dev/null',
    '--retries=1',
    '--s3-upload-cutoff=5M',
    '--s3-copy-cutoff=10M',
    '--s3-provider=Other',
    '--s3-env-auth',
    `--s3-endpoint=http://${host}`,
  ])
  await done('mkdir', ':s3:pond')
  await done('copy', 'tree', ':s3:pond/copy')
  assert.equal(await done('lsf', '-R', '--files-only', ':s3:pond'), `copy/dir/${NAME}\ncopy/large.bin\n`)
  await done('check', '--download', 'tree', ':s3:pond/copy')
  await done('copyto', ':s3:pond/copy/large.bin', ':s3:pond/again')
  await done('moveto', ':s3:pond/again', ':s3:pond/moved')
  await done('copyto', ':s3:pond/moved', 'back.bin')
  assert.ok(LARGE.equals(contentOf('back.bin')))
  const link = (await done('link', '--expire', '1h', `:s3:pond/copy/dir/${NAME}`)).trim()
  assert.equal(await (await fetch(link)).text(), 'hello')
  await done('delete', ':s3:pond/copy')
  assert.equal(await done('lsf', '-R', '--files-only', ':s3:pond'), 'moved\n')
  assert.match((await call('rmdir', ':s3:pond')).stderr, /BucketNotEmpty/)
  await done('purge', ':s3:pond')
  assert.deepEqual(errors, [])
})
