import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { start } from '../../src/start.ts'
import { temporaryFolder } from '../process.ts'

interface Health {
  readonly status: string
  readonly problems: readonly { readonly code: string; readonly where: string; readonly what: string }[]
}

/** Starts a server on a folder, works with it, and stops it. */
async function on<T>(data: string, work: (server: { iam: IAM; endpoint: string }) => Promise<T>): Promise<T> {
  const standpipe = await start({ port: 0, data })
  const iam = new IAM(standpipe.clientConfig)
  try {
    return await work({ iam, endpoint: standpipe.endpoint })
  } finally {
    iam.destroy()
    await standpipe.close()
  }
}

const healthOf = async (endpoint: string): Promise<Health> =>
  (await (await fetch(`${endpoint}/_standpipe/health`)).json()) as Health

/** A folder with a user and its key, and backups of it with and without keys. */
async function folders(t: TestContext) {
  const parent = temporaryFolder(t)
  const to = (name: string) => join(parent, name)
  const key = await on(to('data'), async ({ iam, endpoint }) => {
    await iam.createUser({ UserName: 'ada' })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
    for (const [directory, withKeys] of [
      [to('without'), false],
      [to('with'), true],
    ] as const) {
      const body = JSON.stringify({ directory, withKeys })
      const answer = await fetch(`${endpoint}/_standpipe/api/backup`, { method: 'POST', body })
      assert.equal(answer.status, 200, await answer.text())
    }
    return AccessKey!
  })
  return { to, key }
}

test('a folder restored without its keys starts, says which cannot be used, and takes new ones', async (t) => {
  const { to, key } = await folders(t)
  await on(to('without'), async ({ iam, endpoint }) => {
    const { status, problems } = await healthOf(endpoint)
    assert.deepEqual(
      [status, problems.map(({ code, where }) => [code, where])],
      ['degraded', [['KeysUnusable', 'IAM access keys']]],
    )
    assert.match(
      problems[0]!.what,
      new RegExp(`without --with-keys\\): ${key.AccessKeyId}\\. Put that file back`),
    )
    await iam.deleteAccessKey({ UserName: 'ada', AccessKeyId: key.AccessKeyId })
    await iam.createAccessKey({ UserName: 'ada' })
    assert.deepEqual((await healthOf(endpoint)).problems, [])
  })
  await on(to('without'), async ({ endpoint }) => assert.equal((await healthOf(endpoint)).status, 'ok'))
})

test('a folder restored with its keys, and one that is started again, have nothing to say', async (t) => {
  const { to } = await folders(t)
  for (const name of ['with', 'data'])
    await on(to(name), async ({ iam, endpoint }) => {
      assert.equal((await healthOf(endpoint)).status, 'ok')
      assert.equal((await iam.listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata?.length, 1)
    })
  rmSync(join(to('data'), 'standpipe.key'))
  await on(to('data'), async ({ endpoint }) => assert.equal((await healthOf(endpoint)).status, 'degraded'))
})

test('no file of a data folder but for the key file tells a secret', async (t) => {
  const { to, key } = await folders(t)
  const files = readdirSync(to('data'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  assert.ok(files.length > 3)
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name))
    assert.ok(!bytes.includes(key.SecretAccessKey!), name)
    assert.ok(!bytes.includes(Buffer.from(key.SecretAccessKey!).toString('base64')), name)
  }
})
