import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { createAuthority, issueServerCertificate } from '../../src/server/certificates/issue.ts'
import { start } from '../../src/start.ts'
import { keyFile } from '../access/closed-server.ts'
import { clientEnvironment } from '../client-access.ts'
import { openEmbedded } from '../engine/embedded-subject.ts'
import { noAwsCli, noBoto3 } from '../installed.ts'
import { run, runCli, startProcess, temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'

const authorityOf = async (endpoint: string) => await (await fetch(`${endpoint}/_standpipe/ca.pem`)).text()

/** What a client gets that trusts nothing but `ca`. */
function askTrusting(endpoint: string, ca: string, path = '/_standpipe/health'): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = `${endpoint.replace('http:', 'https:')}${path}`
    get(url, { ca, agent: false }, (answer) => text(answer).then(resolve, reject)).on('error', reject)
  })
}

async function open(t: TestContext, data: string) {
  const server = await start({ port: 0, data })
  t.after(() => server.close())
  return server
}

test('who trusts the authority that the server tells meets it under every name of this machine', async (t) => {
  const { endpoint } = await startServer(t)
  const ca = await authorityOf(endpoint)
  const { port } = new URL(endpoint)
  for (const host of ['127.0.0.1', 'localhost'])
    assert.match(await askTrusting(`https://${host}:${port}`, ca), /"status":"ok"/, host)
  const other = createAuthority(Date.now()).cert
  await assert.rejects(askTrusting(endpoint, other), /self.signed|unable to (get|verify)/)
})

test('the authority stays the same over a kill, a reset and restarts', async (t) => {
  const data = join(temporaryFolder(t), 'data')
  const killed = await startProcess(t, ['--port', '0', '--data', data, '--log-level', 'error'])
  const ca = await authorityOf(killed.endpoint)
  await killed.kill()
  const server = await open(t, data)
  assert.equal(await authorityOf(server.endpoint), ca)
  await server.reset()
  assert.equal(await authorityOf(server.endpoint), ca)
  await askTrusting(server.endpoint, ca)
  await server.close()
  const again = await open(t, data)
  assert.equal(await authorityOf(again.endpoint), ca)
  await askTrusting(again.endpoint, ca)
})

test('the self-signed certificate of a folder of version 1 becomes its authority, and its key is sealed', async (t) => {
  const data = join(temporaryFolder(t), 'data')
  mkdirSync(data)
  execFileSync('tar', ['-xzf', join(import.meta.dirname, '../folders/version-1.tar.gz'), '-C', data])
  const documentOf = async () => {
    const { engine, close } = await openEmbedded({ dataDir: data })
    const found = await engine.metadata.get('standpipe/certificate')
    await close()
    return found?.value as { readonly cert: string; readonly key: string }
  }
  const before = await documentOf()
  const server = await open(t, data)
  const ca = await authorityOf(server.endpoint)
  assert.equal(ca, before.cert)
  await askTrusting(server.endpoint, before.cert)
  await server.close()
  assert.ok(!JSON.stringify(await documentOf()).includes('PRIVATE KEY'))
  const again = await open(t, data)
  assert.equal(await authorityOf(again.endpoint), ca)
})

test('a certificate that was given is served as it is, and its authority is not ours to tell', async (t) => {
  const folder = temporaryFolder(t)
  const authority = createAuthority(Date.now())
  const { key, cert } = issueServerCertificate(authority, ['127.0.0.1'], Date.now())
  const [tlsKey, tlsCert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  writeFileSync(tlsKey, key, { mode: 0o600 })
  writeFileSync(tlsCert, cert)
  const { endpoint } = await startServer(t, { tlsKey, tlsCert })
  await askTrusting(endpoint, authority.cert)
  const answer = await fetch(`${endpoint}/_standpipe/ca.pem`)
  assert.equal(answer.status, 404)
  assert.match(await answer.text(), /--tls-cert/)
  const { code, stderr } = await runCli(['env', '--ca', '--port', new URL(endpoint).port])
  assert.equal(code, 1)
  assert.match(stderr, /--tls-cert/)
})

test('strangers may know the authority of a closed server', async (t) => {
  const { endpoint } = await startServer(t, { auth: keyFile(t) })
  assert.equal((await fetch(`${endpoint}/_standpipe/metrics`)).status, 403)
  assert.ok(new X509Certificate(await authorityOf(endpoint)).ca)
})

/** `standpipe env --ca` of a server, and where it kept the authority. */
async function trustingEnvironment(t: TestContext, endpoint: string) {
  const home = temporaryFolder(t)
  const { stdout } = await runCli(['env', '--ca', '--shell', 'json', '--port', new URL(endpoint).port], {
    env: { ...process.env, XDG_CONFIG_HOME: home },
  })
  const variables: Record<string, string> = JSON.parse(stdout)
  assert.equal(variables.AWS_ENDPOINT_URL, endpoint.replace('http:', 'https:'))
  const file = variables.AWS_CA_BUNDLE ?? ''
  assert.ok(file.startsWith(home))
  assert.equal(readFileSync(file, 'utf8'), await authorityOf(endpoint))
  const known: NodeJS.ProcessEnv = { PATH: process.env.PATH, AWS_CONFIG_FILE: '/dev/null' }
  return { ...known, ...clientEnvironment(endpoint), ...variables }
}

const READ_TLS = `
import os, ssl, boto3
s3 = boto3.client("s3", verify=os.environ["AWS_CA_BUNDLE"])
s3.create_bucket(Bucket="by-verify")
print([one["Name"] for one in boto3.client("s3").list_buckets()["Buckets"]])
import urllib.request
context = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
context.verify_flags |= ssl.VERIFY_X509_STRICT
print(urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/_standpipe/ready", context=context).status)
`

test('boto3 and strict Python take it, by verify= and by AWS_CA_BUNDLE', {
  skip: await noBoto3(),
}, async (t) => {
  const { endpoint } = await startServer(t)
  const env = await trustingEnvironment(t, endpoint)
  const { code, stdout, stderr } = await run('python3', ['-c', READ_TLS], { env })
  assert.equal(code, 0, stderr)
  assert.equal(stdout, "['by-verify']\n200\n")
  const { AWS_CA_BUNDLE: _, ...untrusting } = env
  const refused = await run('python3', ['-c', 'import boto3; boto3.client("s3").list_buckets()'], {
    env: { ...untrusting, AWS_MAX_ATTEMPTS: '1' },
  })
  assert.match(refused.stderr, /CERTIFICATE_VERIFY_FAILED/)
})

test('the AWS CLI takes it by AWS_CA_BUNDLE', { skip: await noAwsCli() }, async (t) => {
  const { endpoint } = await startServer(t)
  const env = await trustingEnvironment(t, endpoint)
  const { code, stderr } = await run('aws', ['kinesis', 'list-streams'], { env })
  assert.equal(code, 0, stderr)
})

test('Node takes it by NODE_EXTRA_CA_CERTS, and the SDK for JavaScript with it', async (t) => {
  const { endpoint } = await startServer(t)
  const env = await trustingEnvironment(t, endpoint)
  const program = `
    import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
    console.log((await new KinesisClient({}).send(new ListStreamsCommand({}))).HasMoreStreams)`
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program], { env })
  assert.equal(stdout, 'false\n', stderr)
})

const noCurl = await run('curl', ['--version']).then(
  () => false as const,
  () => 'curl is not installed',
)

test('curl takes it by --cacert', { skip: noCurl }, async (t) => {
  const { endpoint } = await startServer(t)
  const { AWS_ENDPOINT_URL, AWS_CA_BUNDLE } = await trustingEnvironment(t, endpoint)
  const { code, stdout, stderr } = await run('curl', [
    ...['-sS', '--cacert', AWS_CA_BUNDLE!, `${AWS_ENDPOINT_URL}/_standpipe/health`],
  ])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /"status":"ok"/)
})
