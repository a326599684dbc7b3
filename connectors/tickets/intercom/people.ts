/** Everybody whom an answer names: authors of whatever part, recipients, contacts. Machines' names are words of the text. */
import type { Conversation, Part, Ticket } from './answers.ts'

type Named = { readonly name?: string | null | undefined; readonly email?: string | null | undefined }

export function peopleOfParts(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ author, email_message_metadata }) => [
    ...(author.type === 'bot' ? [] : named(author)),
    ...(email_message_metadata?.email_address_headers ?? []).flatMap(({ name, email_address }) =>
      named({ name, email: email_address }),
    ),
  ])
}

export function peopleOfConversation({ source, contacts }: Conversation): readonly string[] {
  return [
    ...(source && source.author.type !== 'bot' ? named(source.author) : []),
    ...[...(source?.recipients ?? []), ...(source?.reply_to ?? [])].flatMap(named),
    ...peopleOfContacts({ contacts }),
  ]
}

/** Their own system's name for them: often a user name or an address. */
export function peopleOfContacts({ contacts }: Pick<Ticket, 'contacts'>): readonly string[] {
  return (contacts?.contacts ?? []).flatMap(({ external_id }) => external_id?.trim() || [])
}

export function named({ name, email }: Named): readonly string[] {
  return [name, email].flatMap((each) => each?.trim() || [])
}
