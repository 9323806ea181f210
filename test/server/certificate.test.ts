import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { S3_HOSTS } from '../../src/s3/dialect/s3-dialect.ts'
import { createCertificate } from '../../src/server/documents/certificate.ts'

test("the certificate is for this machine's names, signed by its own key, and no two are the same", async () => {
  const [one, other] = await Promise.all([createCertificate(S3_HOSTS), createCertificate(S3_HOSTS)])
  const certificate = new X509Certificate(one.cert)
  assert.ok(certificate.verify(certificate.publicKey))
  assert.ok(certificate.checkPrivateKey(createPrivateKey(one.key)))
  for (const host of ['localhost', 's3.localhost', 'bucket.s3.localhost'])
    assert.ok(certificate.checkHost(host))
  for (const address of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(address))
  assert.equal(certificate.checkHost('example.com'), undefined)
  assert.match(certificate.serialNumber, /^1[0-9A-F]{31}$/)
  assert.notEqual(certificate.serialNumber, new X509Certificate(other.cert).serialNumber)
})
