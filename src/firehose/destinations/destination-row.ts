import type { Destination, Place } from '../../delivery/destination.ts'
import type { Plan } from '../../delivery/job.ts'
import type { OutletKind } from '../../delivery/lineage/manifest.ts'
import type { StructureShape, Typed } from '../../service/shape.ts'
import type { DestinationSettings } from './destination-settings.ts'
import type { ObjectStore } from './object-store.ts'

/** One destination of Firehose's: what the API says of it, and how it is delivered to. `S`: its settings. */
export interface DestinationRow<S extends DestinationSettings = DestinationSettings> {
  /** Its settings, plans and batches are kept with it: never change it. */
  readonly type: string
  /** Under which members the API has it: one form, or several of the same settings. */
  readonly forms: readonly DestinationForm<S>[]
  /** What precedes the names of CloudWatch's metrics: `DeliveryToS3`. */
  readonly metric: string
  /** How what leaves by an outlet is delivered, as the delivery stream is at a moment. */
  planOf(outlet: { readonly kind: OutletKind; readonly errorOutputType?: string }, stream: Named<S>): Plan
  /** Where delivery writes. */
  open(ports: DestinationPorts): Destination
  /** As AWS's error log names a place. */
  arnOf(place: Place): string
  /** In the words of the console and of our API: a bucket and a key, or what there is in their stead. */
  shownPlace(place: Place): { readonly bucket: string; readonly key: string }
  /** The same of where all places will be. */
  shownSettings(settings: S): { readonly bucket: string; readonly prefix: string }
}

/** A delivery stream, as far as what it delivers is named after it. */
export interface Named<S = DestinationSettings> {
  readonly name: string
  readonly version: number
  readonly destination: S
}

/** What is handed over by those who wire. */
export interface DestinationPorts {
  readonly objects: ObjectStore
}

/** `C`, `U`, `D`: what its configuration, update and description say. */
export interface DestinationForm<S = DestinationSettings, C = unknown, U = unknown, D = unknown> {
  /** AWS's name, which precedes `DestinationConfiguration`, `DestinationUpdate` and `DestinationDescription`. */
  readonly name: string
  readonly configuration: StructureShape & Typed<C>
  readonly update: StructureShape & Typed<U>
  readonly description: StructureShape & Typed<D>
  /** The settings that a configuration means; throws InvalidArgumentException. */
  settingsOf(given: C, now: number): S
  /** The settings with those members replaced that are given; throws InvalidArgumentException. */
  updated(before: S, given: U, now: number): S
  /** Undefined: it is not described in this form. */
  describe(settings: S): D | undefined
}

/** `form({ … })`: its functions know what its shapes say. */
export const form = <S, C, U, D>(row: DestinationForm<S, C, U, D>): DestinationForm<S, C, U, D> => row
