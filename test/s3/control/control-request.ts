import { request } from 'node:http'
import { text } from 'node:stream/consumers'

export const ACCOUNT = '123456789012'
/** Of the tags of the bucket `lake`. */
export const PATH = `/v20180820/tags/${encodeURIComponent('arn:aws:s3:::lake')}`
/** TagResource's body. */
export const tagsOf = (...tags: [key: string, value: string][]) =>
  `<TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags>${tags
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')}</Tags></TagResourceRequest>`

/** As Terraform calls it: the account in front of the host's name. */
export const call = (endpoint: string, method: string, path: string, body = '') =>
  new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(endpoint)
    const headers = {
      host: `${ACCOUNT}.localhost:${port}`,
      'x-amz-account-id': ACCOUNT,
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00`,
    }
    request({ hostname, port, method, path, headers, agent: false }, async (answer) =>
      resolve({ status: answer.statusCode, body: await text(answer) }),
    )
      .on('error', reject)
      .end(body)
  })
