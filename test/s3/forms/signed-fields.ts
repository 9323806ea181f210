import { signerOf } from '../../../src/service/signing/signing-key.ts'

const SCOPE = { date: '20260506', region: 'us-east-1', service: 's3' }

/** A form for the bucket `lake` that says who signed it, each of its fields with its condition. */
export function signedFields(
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  given: Readonly<Record<string, string>>,
  { expiration = '2999-01-01T00:00:00Z' }: { readonly expiration?: string } = {},
): Record<string, string> {
  const fields = {
    ...given,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${accessKeyId}/20260506/us-east-1/s3/aws4_request`,
    'x-amz-date': '20260506T070809Z',
  }
  const conditions = [
    { bucket: 'lake' },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
  ]
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
  return { ...fields, policy, 'x-amz-signature': signerOf(secretAccessKey, SCOPE)(policy) }
}

/** Posts `content` as a form. */
export async function postForm(url: string, fields: Readonly<Record<string, string>>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new File(['content'], 'the file.txt'))
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' })
  const text = await answer.text()
  return { status: answer.status, text, code: /<Code>(.*)<\/Code>/.exec(text)?.[1] }
}
