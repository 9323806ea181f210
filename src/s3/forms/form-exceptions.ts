import { ServiceException } from '../../service/exception.ts'
import { accessDenied, invalidArgument, preconditionFailed } from '../exceptions.ts'

/** Of a form that is posted. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
export const malformedPostRequest = () =>
  new ServiceException(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
  )

export const notAForm = () =>
  preconditionFailed('Bucket POST must be of the enclosure-type multipart/form-data')

export const maxPostPreDataLengthExceeded = (maxBytes: number) =>
  new ServiceException(
    'MaxPostPreDataLengthExceeded',
    'Your POST request fields preceding the upload file were too large.',
    400,
    { MaxPostPreDataLengthBytes: String(maxBytes) },
  )

export const noFileInPostRequest = () =>
  invalidArgument('POST requires exactly one file upload per request.', 'file', '0')

export const missingFormField = (name: string) =>
  invalidArgument(
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    name,
    '',
  )

export const invalidPolicyDocument = (why: string) =>
  new ServiceException('InvalidPolicyDocument', `Invalid Policy: ${why}`)

export const againstPostPolicy = (why: string) => accessDenied(`Invalid according to Policy: ${why}`)
