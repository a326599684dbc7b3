/** "Was this helpful?": one tap, and a word more where it was not. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSpace } from '../space.ts'
import { Icon } from './icon.tsx'
import { HandOver } from './states.tsx'

type Step = 'ask' | 'why' | 'done' | 'failed'

export function FeedbackCard({ id }: { readonly id: string }) {
  const { client, words, query } = useSpace()
  const [step, setStep] = useState<Step>('ask')
  const [comment, setComment] = useState('')
  const card = useRef<HTMLElement>(null)
  useEffect(() => setStep('ask'), [id])
  useEffect(() => {
    if (step !== 'ask') card.current?.focus({ preventScroll: true })
  }, [step])

  function say(helpful: boolean, next: Step): void {
    const more = { ...(query !== '' && { query }), ...(comment.trim() !== '' && { comment: comment.trim() }) }
    client.feedback({ document: id, helpful, ...more }).then(
      () => setStep(next),
      () => setStep('failed'),
    )
  }

  return (
    <section class="feedback" aria-labelledby="helpful" ref={card} tabIndex={-1}>
      <h2 id="helpful">{words.helpful}</h2>
      {step === 'ask' && (
        <div class="choice">
          <button type="button" onClick={() => say(true, 'done')}>
            <Icon name="up" />
            {words.yes}
          </button>
          <button type="button" onClick={() => say(false, 'why')}>
            <Icon name="down" />
            {words.no}
          </button>
        </div>
      )}
      {step === 'why' && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (comment.trim() === '') setStep('done')
            else say(false, 'done')
          }}
        >
          <label for="missing">{words.sorry}</label>
          <textarea
            id="missing"
            rows={3}
            maxLength={1000}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button type="submit" class="button">
            {words.send}
          </button>
        </form>
      )}
      <p role="status">{step === 'done' ? words.thanks : step === 'failed' ? words.notSent : ''}</p>
      {step === 'why' && (
        <HandOver query={query}>
          <p>{words.stillStuck}</p>
        </HandOver>
      )}
    </section>
  )
}
