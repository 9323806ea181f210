import { together } from './together.ts'

await together('access/*.test.ts')
