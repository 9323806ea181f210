/** A moment on the calendar and the clock of a time zone. */
export interface ZonedTime {
  readonly zone: string
  readonly epochMs: number
  readonly offsetSeconds: number
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 1 to 366. */
  readonly dayOfYear: number
  /** 1 is Sunday. */
  readonly dayOfWeek: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Of the second, 0 to 999,999,999. */
  readonly nano: number
  /** Days since 1970, of the local date. */
  readonly epochDay: number
}

const DAY_MS = 86_400_000

/** `zone` is an IANA name, old ones included. */
export function zonedTimeAt(epochMs: number, zone: string): ZonedTime {
  const offsetSeconds = offsetSecondsAt(epochMs, zone)
  const localMs = epochMs + offsetSeconds * 1000
  const local = new Date(localMs)
  const epochDay = Math.floor(localMs / DAY_MS)
  return {
    zone,
    epochMs,
    offsetSeconds,
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    dayOfYear: epochDay - Math.floor(Date.UTC(local.getUTCFullYear(), 0, 1) / DAY_MS) + 1,
    dayOfWeek: local.getUTCDay() + 1,
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    nano: local.getUTCMilliseconds() * 1_000_000,
    epochDay,
  }
}

/** The week of the year and the year it belongs to, as in the USA: weeks begin on Sunday, the first holds 1 January. */
export function weekOf(time: ZonedTime): { week: number; weekYear: number } {
  const firstWeekday = (time.epochDay - time.dayOfYear + 5) % 7
  const week = Math.floor((time.dayOfYear - 1 + firstWeekday) / 7) + 1
  const daysLeft = daysInYear(time.year) - time.dayOfYear
  const belongsToNext = daysLeft < 7 - time.dayOfWeek
  return belongsToNext ? { week: 1, weekYear: time.year + 1 } : { week, weekYear: time.year }
}

/** The week of the month by the same reckoning. */
export const weekOfMonth = ({ day, dayOfWeek }: ZonedTime): number =>
  Math.floor((day - 1 + ((((dayOfWeek - day) % 7) + 7) % 7)) / 7) + 1

const daysInYear = (year: number) => (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY_MS

/** One formatter per zone: making one costs a thousand times what using it does. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function offsetSecondsAt(epochMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  let clock = clocks.get(timeZone)
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    clocks.set(timeZone, clock)
  }
  const offset = clock.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(offset) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
}

/** How java.time prints offsets and the names of time zones, by the number of pattern letters. */

const two = (value: number) => String(value).padStart(2, '0')

function partsOf(offsetSeconds: number) {
  const size = Math.abs(offsetSeconds)
  return {
    sign: offsetSeconds < 0 ? '-' : '+',
    hours: Math.floor(size / 3600),
    minutes: Math.floor(size / 60) % 60,
    seconds: size % 60,
  }
}

/** `X` and `x`: +09, +0900, +09:00, +090000, +09:00:00; the minutes or seconds of a round offset may be left out. */
export function isoOffset({ offsetSeconds }: ZonedTime, count: number, zero: string): string {
  if (offsetSeconds === 0) return zero
  const { sign, hours, minutes, seconds } = partsOf(offsetSeconds)
  const colon = count === 3 || count === 5 ? ':' : ''
  const withMinutes = count > 1 || minutes > 0 ? colon + two(minutes) : ''
  const withSeconds = count > 3 && seconds > 0 ? colon + two(seconds) : ''
  return sign + two(hours) + withMinutes + withSeconds
}

/** `O` and `OOOO`: GMT+9, GMT+09:00. */
export function localizedOffset({ offsetSeconds }: ZonedTime, isFull: boolean): string {
  if (offsetSeconds === 0) return 'GMT'
  const { sign, hours, minutes, seconds } = partsOf(offsetSeconds)
  const withMinutes = isFull || minutes > 0 || seconds > 0 ? `:${two(minutes)}` : ''
  return `GMT${sign}${isFull ? two(hours) : hours}${withMinutes}${seconds > 0 ? `:${two(seconds)}` : ''}`
}

/** `z` and `zzzz`: PDT, Pacific Daylight Time. */
export function zoneName(time: ZonedTime, isFull: boolean): string {
  if (time.zone === 'UTC') return isFull ? 'Coordinated Universal Time' : 'UTC'
  const name = nameOf(time, 'long')
  return isFull ? name : initialsOf(name.replace('European Standard', 'European'))
}

/** `v` and `vvvv`, whatever the season: PT, Pacific Time. */
export function genericZoneName(time: ZonedTime, isFull: boolean): string {
  if (time.zone === 'UTC') return zoneName(time, isFull)
  const name = nameOf(time, 'longGeneric').replace(' Standard', '')
  return isFull ? name : initialsOf(name)
}

const nameOf = ({ epochMs, zone }: ZonedTime, timeZoneName: 'long' | 'longGeneric'): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName })
    .formatToParts(epochMs)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone

/** Java keeps its own table of short names; for zones that have a named time they are its initials. */
const initialsOf = (name: string): string =>
  name.startsWith('GMT')
    ? name
    : name
        .split(/[ -]/)
        .map((word) => word[0])
        .join('')

/**
 * The time zones that a CustomTimeZone may name: a list that AWS keeps, with old IANA names (Asia/Calcutta is
 * in it, Asia/Kolkata is not).
 * https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html
 */
const PLACES: Readonly<Record<string, string>> = {
  Africa:
    'Abidjan Accra Addis_Ababa Algiers Asmera Bangui Banjul Bissau Blantyre Bujumbura Cairo Casablanca Conakry Dakar Dar_es_Salaam Djibouti Douala Freetown Gaborone Harare Johannesburg Kampala Khartoum Kigali Kinshasa Lagos Libreville Lome Luanda Lubumbashi Lusaka Malabo Maputo Maseru Mbabane Mogadishu Monrovia Nairobi Ndjamena Niamey Nouakchott Ouagadougou Porto-Novo Sao_Tome Timbuktu Tripoli Tunis Windhoek',
  America:
    'Adak Anchorage Anguilla Antigua Aruba Asuncion Barbados Belize Bogota Buenos_Aires Caracas Cayenne Cayman Chicago Costa_Rica Cuiaba Curacao Dawson_Creek Denver Dominica Edmonton El_Salvador Fortaleza Godthab Grand_Turk Grenada Guadeloupe Guatemala Guayaquil Guyana Halifax Havana Indianapolis Jamaica La_Paz Lima Los_Angeles Managua Manaus Martinique Mazatlan Mexico_City Miquelon Montevideo Montreal Montserrat Nassau New_York Noronha Panama Paramaribo Phoenix Port-au-Prince Port_of_Spain Porto_Acre Puerto_Rico Regina Rio_Branco Santiago Santo_Domingo Sao_Paulo Scoresbysund St_Johns St_Kitts St_Lucia St_Thomas St_Vincent Tegucigalpa Thule Tijuana Tortola Vancouver Winnipeg',
  Antarctica: 'Casey DumontDUrville Mawson McMurdo Palmer',
  Asia: 'Aden Almaty Amman Anadyr Aqtau Aqtobe Ashgabat Ashkhabad Baghdad Bahrain Baku Bangkok Beirut Bishkek Brunei Calcutta Colombo Dacca Damascus Dhaka Dubai Dushanbe Hong_Kong Irkutsk Jakarta Jayapura Jerusalem Kabul Kamchatka Karachi Katmandu Krasnoyarsk Kuala_Lumpur Kuwait Macao Magadan Manila Muscat Nicosia Novosibirsk Phnom_Penh Pyongyang Qatar Rangoon Riyadh Saigon Seoul Shanghai Singapore Taipei Tashkent Tbilisi Tehran Thimbu Thimphu Tokyo Ujung_Pandang Ulaanbaatar Ulan_Bator Vientiane Vladivostok Yakutsk Yekaterinburg Yerevan',
  Atlantic: 'Azores Bermuda Canary Cape_Verde Faeroe Jan_Mayen Reykjavik South_Georgia St_Helena Stanley',
  Australia: 'Adelaide Brisbane Broken_Hill Darwin Hobart Lord_Howe Perth Sydney',
  Europe:
    'Amsterdam Andorra Athens Belgrade Berlin Brussels Bucharest Budapest Chisinau Copenhagen Dublin Gibraltar Helsinki Istanbul Kaliningrad Kiev Lisbon London Luxembourg Madrid Malta Minsk Monaco Moscow Oslo Paris Prague Riga Rome Samara Simferopol Sofia Stockholm Tallinn Tirane Vaduz Vienna Vilnius Warsaw Zurich',
  Indian: 'Antananarivo Chagos Christmas Cocos Comoro Kerguelen Mahe Maldives Mauritius Mayotte Reunion',
  Pacific:
    'Apia Auckland Chatham Easter Efate Enderbury Fakaofo Fiji Funafuti Galapagos Gambier Guadalcanal Guam Honolulu Kiritimati Kosrae Majuro Marquesas Nauru Niue Norfolk Noumea Pago_Pago Palau Pitcairn Ponape Port_Moresby Rarotonga Saipan Tahiti Tarawa Tongatapu Truk Wake Wallis',
}

const timeZones = new Set([
  'UTC',
  ...Object.entries(PLACES).flatMap(([area, places]) => places.split(' ').map((place) => `${area}/${place}`)),
])

export const isTimeZone = (name: string) => timeZones.has(name)
