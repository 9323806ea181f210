/** What `GET /_standpipe/api/cost` answers; USD. */
export interface Receipt {
  readonly region: string
  readonly lines: readonly CostLine[]
  readonly total: number
  /** Per hour. */
  readonly running: readonly CostLine[]
  readonly runningPerHour: number
  readonly ifLeftRunningForAMonth: number
  readonly rounding?: { readonly sentGb: number; readonly billedGb: number; readonly waste: number }
  readonly asOf: readonly string[]
  readonly notes: readonly string[]
}

export interface CostLine {
  readonly label: string
  readonly quantity: number
  readonly unit: string
  readonly price: number
  readonly cost: number
}
