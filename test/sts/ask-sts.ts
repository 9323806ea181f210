import { signedFor } from '../wire/serve.ts'

/** A form as clients of STS send it, signed unless it is said otherwise. */
export const ask = (
  endpoint: string,
  form: string,
  headers: Record<string, string> = signedFor('sts', '123456789012'),
) =>
  fetch(endpoint, {
    method: 'POST',
    body: form,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
  })
