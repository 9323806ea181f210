import { RETRY_AFTER, ServiceException, withHeaders } from '../service/exception.ts'

/** What is wrong with a request of the REST protocol, whichever operation it is for. */
export const missingRequestBody = () =>
  new ServiceException('MissingRequestBodyError', 'Request Body is empty')
export const invalidUri = () => new ServiceException('InvalidURI', "Couldn't parse the specified URI.")
export const invalidArgument = (name: string, value: string) =>
  new ServiceException('InvalidArgument', `Provided ${name} is not valid`, 400, {
    ArgumentName: name,
    ArgumentValue: value,
  })
export const notAnInteger = (name: string, value: string) =>
  new ServiceException('InvalidArgument', `Provided ${name} not an integer or within integer range`, 400, {
    ArgumentName: name,
    ArgumentValue: value,
  })
export const messageTooLarge = (limitBytes: number) =>
  new ServiceException('MaxMessageLengthExceeded', 'Your request was too big.', 400, {
    MaxMessageLengthBytes: String(limitBytes),
  })
export const missingContentLength = () =>
  new ServiceException('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
/** What AWS's services answer alike, if they have no answer of their own, to more requests than they take. */
export const throttling = () => withHeaders(new ServiceException('Throttling', 'Rate exceeded'), RETRY_AFTER)
export const requestTimeout = () =>
  withHeaders(
    new ServiceException(
      'RequestTimeout',
      'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
    ),
    { connection: 'close' },
  )
