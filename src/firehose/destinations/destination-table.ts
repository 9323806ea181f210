import type { Destinations } from '../../delivery/destination.ts'
import type { Members } from '../../service/shape.ts'
import { invalidArgument, notSupportedYet } from '../exceptions.ts'
import { refused } from '../shapes.ts'
import type { DestinationForm, DestinationPorts, DestinationRow } from './destination-row.ts'
import type { DestinationSettings } from './destination-settings.ts'
import { s3 } from './s3/s3-row.ts'

/** A row for each destination. Of those that AWS has and we have not, the name: they are refused by it. */
export type DestinationTable = readonly (DestinationRow | string)[]

/** Every destination of AWS's, in its order. */
export const DESTINATIONS: DestinationTable = [
  s3,
  'Redshift',
  'Elasticsearch',
  'Amazonopensearchservice',
  'Splunk',
  'HttpEndpoint',
  'AmazonOpenSearchServerless',
  'Snowflake',
  'Iceberg',
]

const rowsIn = (table: DestinationTable): DestinationRow[] => table.filter((row) => typeof row !== 'string')

/** Throws when there is none of that type (any more). */
export function rowOf(
  { type = 's3' }: Pick<DestinationSettings, 'type'>,
  table: DestinationTable = DESTINATIONS,
): DestinationRow {
  const row = rowsIn(table).find((one) => one.type === type)
  if (!row) throw new Error(`there is no destination of the type ${type}`)
  return row
}

/** For delivery, by their types. */
export const openDestinations = (
  ports: DestinationPorts,
  table: DestinationTable = DESTINATIONS,
): Destinations => Object.fromEntries(rowsIn(table).map((row) => [row.type, row.open(ports)]))

/** One of a destination's names in the API; without a form it is refused. */
interface Offered {
  readonly name: string
  readonly form?: DestinationForm
  readonly type?: string
}

const offeredIn = (table: DestinationTable): Offered[] =>
  table.flatMap((row): Offered[] =>
    typeof row === 'string'
      ? [{ name: row }]
      : row.forms.map((form) => ({ name: form.name, form, type: row.type })),
  )

/** The members of a request that name a destination. What they say is read by `configured` and `updated` alone. */
export const requestMembers = (
  table: DestinationTable,
  of: 'Configuration' | 'Update',
): Readonly<Record<never, Members[string]>> =>
  Object.fromEntries(
    offeredIn(table).map(({ name, form }) => [
      `${name}Destination${of}`,
      form?.[of === 'Configuration' ? 'configuration' : 'update'] ?? refused,
    ]),
  )

/** The members that describe a destination, which `describe` fills. */
export const descriptionMembers = (table: DestinationTable): Readonly<Record<never, Members[string]>> =>
  Object.fromEntries(
    offeredIn(table).flatMap(({ name, form }) =>
      form ? [[`${name}DestinationDescription`, form.description]] : [],
    ),
  )

/** Throws InvalidArgumentException unless the request gives exactly one destination. */
function givenIn(table: DestinationTable, input: object, of: 'Configuration' | 'Update') {
  const members = new Map<string, unknown>(Object.entries(input))
  const [found, ...others] = offeredIn(table).flatMap((offered) => {
    const given = members.get(`${offered.name}Destination${of}`)
    return given === undefined ? [] : [{ ...offered, given }]
  })
  if (!found || others.length > 0)
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose')
  return found
}

/** The settings that a creation asks for, or an InvalidArgumentException. */
export function configured(table: DestinationTable, input: object, now: number): DestinationSettings {
  const { name, form, given } = givenIn(table, input, 'Configuration')
  if (!form) throw notSupportedYet(`${name}DestinationConfiguration`)
  return form.settingsOf(given, now)
}

/** Makes of settings what an update asks for; it may throw InvalidArgumentException, as this may. */
export function updating(table: DestinationTable, input: object) {
  const { name, form, type, given } = givenIn(table, input, 'Update')
  return (before: DestinationSettings, now: number): DestinationSettings => {
    if (!form || type !== rowOf(before, table).type)
      throw invalidArgument(`Changing the destination type to or from ${name} is not supported at this time.`)
    return form.updated(before, given, now)
  }
}

/** In every form that it is described in. */
export const describe = (table: DestinationTable, settings: DestinationSettings): object =>
  Object.fromEntries(
    rowOf(settings, table).forms.flatMap((form) => {
      const description = form.describe(settings)
      return description === undefined ? [] : [[`${form.name}DestinationDescription`, description]]
    }),
  )
