import type { Forms } from '../../service/dialect.ts'
import { MAX_UPLOAD_BYTES } from '../content/receive.ts'
import { entityTooLarge, invalidArgument, notImplementedFeature } from '../exceptions.ts'
import { missingFormField, notAForm } from './form-exceptions.ts'
import { heldFile } from './held.ts'
import { boundaryOf, readMultipart } from './multipart.ts'

const FORM = /^\s*multipart\/form-data\s*(;|$)/i
/** What stands for the file's name, in any field. */
const FILE_NAME = `$${'{filename}'}`
/** What a signature is over is not to be written to. */
const SIGNED = ['policy', 'x-amz-signature', 'signature']

/** A file, and what is around it. */
const MAX_FORM_BYTES = MAX_UPLOAD_BYTES + 2 ** 20

export const isForm = (headers: ReadonlyMap<string, string>): boolean =>
  FORM.test(headers.get('content-type') ?? '')

/**
 * Uploads from a web page, by a form that says in its fields what PutObject's headers say.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export const createForms = (isTelling: (member: string) => boolean): Forms => ({
  readerFor({ method, address, query, headers }) {
    const isUpload = method === 'POST' && address === '/{Bucket}'
    if (!isUpload || [...query.keys()].some(isTelling)) return undefined
    if (!isForm(headers)) throw notAForm()
    if (headers.has('authorization') || query.has('X-Amz-Signature') || query.has('Signature'))
      throw notImplementedFeature(
        'a form that is signed in its headers or its query: sign its policy, and send the signature as a field',
      )
    const sizeBytes = Number(headers.get('content-length') ?? 0)
    if (sizeBytes > MAX_FORM_BYTES) throw entityTooLarge(sizeBytes, MAX_UPLOAD_BYTES)
    const boundary = boundaryOf(headers.get('content-type')!)
    return async (body) => {
      const { fields, fileName, ...rest } = await readMultipart(body, boundary)
      const named = [...fields].map(
        ([name, value]) =>
          [name, SIGNED.includes(name) ? value : value.replaceAll(FILE_NAME, () => fileName)] as const,
      )
      return { ...rest, fields: new Map(named) }
    }
  },
  held({ fields, file, close }, { Bucket: bucket = '' }, now) {
    const key = fields.get('key')
    if (key === undefined) throw missingFormField('key')
    const held = heldFile({ fields, bucket, file, now })
    if (key === '') throw invalidArgument('User key must have a length greater than 0.', 'key', '')
    return { fields: asHeaders(fields), file: held, close }
  },
})

/** Texts that are kept as texts. */
const TEXTS = /^(?:key|policy|tagging|(?:success_action_)?redirect|x-amz-meta-.*)$/
/** What no header can carry; a metadata's other characters are encoded. */
const CONTROLS = /(?![\t])\p{Cc}/u

/** A form has any text where a header has bytes, one to a character. */
function asHeaders(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of fields) {
    if (!/^(?:key|policy|tagging)$/.test(name) && CONTROLS.test(value))
      throw invalidArgument(`Provided ${name} is not valid`, name, value)
    headers.set(name, TEXTS.test(name) ? value : Buffer.from(value).toString('latin1'))
  }
  return headers
}
