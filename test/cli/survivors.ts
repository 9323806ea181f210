/** Loaded beside a program: keeps what it makes for a while, as many requests at once do, and says how large the young generation was at most. */
import { getHeapSpaceStatistics } from 'node:v8'

const KEPT = 200_000
const TURNS = 120
const EACH_TURN = 20_000

const kept: object[] = []
let [made, mostBytes] = [0, 0]
const youngBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0

function turn(turns: number): void {
  for (let one = 0; one < EACH_TURN; one++) kept[made++ % KEPT] = { made, more: [made] }
  mostBytes = Math.max(mostBytes, youngBytes())
  if (turns > 0) return void setImmediate(turn, turns - 1)
  console.log(`young generation: ${mostBytes} bytes`)
}
process.once('SIGUSR2', () => turn(TURNS))
