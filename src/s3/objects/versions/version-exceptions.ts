import { ServiceException, withHeaders } from '../../../service/exception.ts'
import { noSuchKey } from '../../exceptions.ts'

export const noSuchVersion = (key: string, versionId: string) =>
  new ServiceException('NoSuchVersion', 'The specified version does not exist.', 404, {
    Key: key,
    VersionId: versionId,
  })

const ON_MARKER = 'x-amz-delete-marker'
const OF_VERSION = 'x-amz-version-id'

/** The key's latest version is a delete marker. */
export const deletedKey = (key: string, markerId: string) =>
  withHeaders(noSuchKey(key), { [ON_MARKER]: 'true', [OF_VERSION]: markerId })

/** The version that is asked for is a delete marker, of which nothing can be had. `lastModified`: ms since 1970 */
export const isDeleteMarker = (method: string, markerId: string, lastModified: number) =>
  withHeaders(
    new ServiceException(
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      405,
      { Method: method, ResourceType: 'DeleteMarker' },
    ),
    {
      allow: 'DELETE',
      [ON_MARKER]: 'true',
      [OF_VERSION]: markerId,
      'last-modified': new Date(lastModified).toUTCString(),
    },
  )
