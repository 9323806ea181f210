import { type DestinationRow, form } from '../destination-row.ts'
import { settingsOf, updatedSettings } from './given.ts'
import { planOf } from './plan.ts'
import { s3Destination, s3PlaceOf } from './s3-destination.ts'
import { bucketOf, describeExtended, describePlain, type S3Settings } from './s3-settings.ts'
import {
  extendedS3DestinationConfiguration,
  extendedS3DestinationDescription,
  extendedS3DestinationUpdate,
  s3DestinationConfiguration,
  s3DestinationDescription,
  s3DestinationUpdate,
} from './shapes.ts'

/** Objects in a bucket. AWS describes all of them in the plain form too. */
export const s3: DestinationRow<S3Settings> = {
  type: 's3',
  forms: [
    form({
      name: 'S3',
      configuration: s3DestinationConfiguration,
      update: s3DestinationUpdate,
      description: s3DestinationDescription,
      settingsOf: (given, now) => settingsOf(given, false, now),
      updated: (before, given, now) => updatedSettings(before, given, false, now),
      describe: (settings: S3Settings) => describePlain(settings),
    }),
    form({
      name: 'ExtendedS3',
      configuration: extendedS3DestinationConfiguration,
      update: extendedS3DestinationUpdate,
      description: extendedS3DestinationDescription,
      settingsOf: (given, now) => settingsOf(given, true, now),
      updated: (before, given, now) => updatedSettings(before, given, true, now),
      describe: (settings: S3Settings) => (settings.extended ? describeExtended(settings) : undefined),
    }),
  ],
  metric: 'DeliveryToS3',
  planOf,
  open: ({ objects }) => s3Destination(objects),
  arnOf: (place) => `arn:aws:s3:::${s3PlaceOf(place).bucket}`,
  shownPlace: s3PlaceOf,
  shownSettings: (settings) => ({ bucket: bucketOf(settings), prefix: settings.prefix ?? '' }),
}
