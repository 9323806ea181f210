/** What can be done about each kind of problem, beside what it says itself. */
const ADVICE: Readonly<Record<string, string>> = {
  StorageFull: 'Make room on the disk of the data folder. Reads go on, writes are refused until then.',
  Damaged:
    'Nothing damaged is served. Delete what is named or put it again, restore a backup, and look at the disk: standpipe doctor --verify reads everything.',
  DataLost: 'It was there before and is gone: restore a backup if it is needed.',
  RecordsGone:
    'They were gone from the stream before they could be delivered: a longer retention, or a destination that is mended sooner, keeps that from happening again.',
  QuerySuspended: 'Change the query with UpdateDestination; what is in the error output can be put again.',
  QueryUnfinished: 'Nothing is lost: its records wait. A machine with less to do may finish it.',
}

export const adviceFor = (code: string): string =>
  ADVICE[code] ?? 'It goes away by itself when it is solved; the server’s log tells more.'
