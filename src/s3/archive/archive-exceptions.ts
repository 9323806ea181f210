import { ServiceException } from '../../service/exception.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_InvalidObjectState.html */
export const notRestored = (storageClass: string) =>
  new ServiceException(
    'InvalidObjectState',
    "The operation is not valid for the object's storage class",
    403,
    { StorageClass: storageClass },
  )

export const notRestorable = (storageClass: string) =>
  new ServiceException(
    'InvalidObjectState',
    "Restore is not allowed for the object's current storage class",
    403,
    { StorageClass: storageClass },
  )

export const notActive = () =>
  new ServiceException(
    'ObjectNotInActiveTierError',
    'The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.',
    403,
  )
