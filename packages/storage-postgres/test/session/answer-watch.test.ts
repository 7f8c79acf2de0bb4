import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { AnswerWatch, type NoAnswer } from '../../src/session/answer-watch.ts'

function watched() {
  const clock = new VirtualClock()
  const silences: NoAnswer[] = []
  const watch = new AnswerWatch({ clock, timeoutMs: 1000, onSilence: (error) => silences.push(error) })
  return { clock, silences, watch }
}

it('complains when an answer is owed and nothing is heard for the time that was set', async () => {
  const { clock, silences, watch } = watched()
  watch.asked()
  await clock.advance(999)
  expect(silences).toEqual([])
  await clock.advance(1)
  expect(silences).toMatchObject([{ name: 'NoAnswer', message: expect.stringContaining('1000 ms') }])
})

it('counts from the last answer, not from the oldest question', async () => {
  const { clock, silences, watch } = watched()
  for (let question = 0; question < 5; question++) watch.asked()
  for (let answer = 0; answer < 4; answer++) {
    await clock.advance(900)
    watch.answered()
  }
  expect(silences).toEqual([])
  await clock.advance(1000)
  expect(silences).toHaveLength(1)
})

it('does not complain while nothing is owed, and counts anew from the next question', async () => {
  const { clock, silences, watch } = watched()
  watch.asked()
  await clock.advance(500)
  watch.answered()
  await clock.advance(10_000)
  watch.asked()
  await clock.advance(999)
  expect(silences).toEqual([])
  await clock.advance(1)
  expect(silences).toHaveLength(1)
})

it('leaves no timer behind when the connection is closed', async () => {
  const { clock, silences, watch } = watched()
  watch.asked()
  watch.close()
  expect(clock.pendingTimers()).toEqual([])
  await clock.advance(10_000)
  expect(silences).toEqual([])
})
