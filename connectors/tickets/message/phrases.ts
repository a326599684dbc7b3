/** What people write around what they have to say, in English and in French: folded, without punctuation. */

const set = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split('|')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )

/** Lower case, without accents, each run of punctuation one space. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** First words of a greeting. */
export const GREETINGS: ReadonlySet<string> = set(
  'hi | hello | hey | dear | greetings | good morning | good afternoon | good evening | good day | ' +
    'bonjour | bonsoir | salut | coucou | cher | chere | chers | cheres | madame | monsieur | mesdames',
)

/** Whom a greeting greets, if not by name. */
export const GREETED: ReadonlySet<string> = set(
  'there | all | everyone | everybody | team | support | folks | sir | madam | or | and | again | mr | mrs | ms | dr | ' +
    'a | tous | toutes | et | madame | monsieur | mesdames | messieurs | mme | m | l | equipe | le | la | les | service | ' +
    'client | vous | chere | cher | cs | helpdesk',
)

/** Whole lines behind a greeting. A few more words may follow in the same sentence. */
export const PLEASANTRIES: readonly string[] = [
  'i hope you are well',
  'i hope you are doing well',
  'hope you are well',
  'hope you are doing well',
  'hope you re doing well',
  'hope you re well',
  'i hope this email finds you well',
  'i hope this message finds you well',
  'hope this finds you well',
  'thank you for reaching out',
  'thanks for reaching out',
  'thank you for contacting',
  'thanks for contacting',
  'thank you for getting in touch',
  'thanks for getting in touch',
  'thank you for your message',
  'thanks for your message',
  'thank you for your email',
  'thanks for your patience',
  'thank you for your patience',
  'merci de nous avoir contactes',
  'merci d avoir contacte',
  'merci de votre message',
  'merci pour votre message',
  'merci de votre patience',
  'merci pour votre patience',
  'merci pour votre retour',
  'j espere que vous allez bien',
  'j espere que tu vas bien',
]

/** Behind these a block of name, role and addresses may follow. */
export const CLOSINGS: ReadonlySet<string> = set(
  'best regards | kind regards | kindest regards | warm regards | warmest regards | regards | with kind regards | ' +
    'with best regards | best wishes | sincerely | yours sincerely | sincerely yours | yours truly | yours faithfully | ' +
    'respectfully | cordially | cordialement | bien cordialement | tres cordialement | cdt | cdlt | bav | ' +
    'salutations | sinceres salutations | meilleures salutations | salutations distinguees | ' +
    'cordiales salutations | bien a vous | bien a toi | amicalement | bien amicalement | respectueusement | sincerement',
)

/** Behind these only a name follows. */
export const WEAK_CLOSINGS: ReadonlySet<string> = set(
  'best | cheers | thanks | thank you | many thanks | thanks again | thank you again | thanks a lot | thanks so much | ' +
    'thank you so much | thank you very much | thanks in advance | thank you in advance | take care | have a nice day | ' +
    'have a great day | have a good day | have a lovely day | have a wonderful day | have a nice weekend | ' +
    'have a great weekend | have a good weekend | all the best | talk soon | ' +
    'merci | merci beaucoup | merci d avance | merci par avance | par avance merci | d avance merci | merci encore | ' +
    'merci bien | un grand merci | merci a vous | bonne journee | bonne fin de journee | tres bonne journee | ' +
    'belle journee | excellente journee | bonne soiree | bonne fin de semaine | bon week end | bon weekend | ' +
    'a bientot | a tres bientot | bonne reception | bonne continuation',
)

/** Sentences that close a letter. */
export const FORMAL_CLOSINGS: readonly string[] = [
  'veuillez agreer',
  'veuillez recevoir',
  'je vous prie d agreer',
  'nous vous prions d agreer',
  'je vous prie de croire',
  'nous vous prions de croire',
  'je vous prie de recevoir',
  'dans l attente de votre retour',
  'dans l attente de votre reponse',
  'en vous remerciant par avance',
  'looking forward to hearing from you',
  'i look forward to hearing from you',
]

/** Of programs and telephones. Whole lines, or their beginnings. */
export const DEVICES: readonly string[] = [
  'sent from my ',
  'sent from mail for ',
  'sent from outlook',
  'sent from yahoo',
  'sent from proton mail',
  'get outlook for ',
  'envoye de mon ',
  'envoye depuis mon ',
  'envoye a partir de mon ',
  'envoye a partir d outlook',
  'envoye depuis l application',
  'obtenez outlook pour ',
  'telecharger outlook pour ',
]

/** Of legal footers and the like. One alone may be part of an answer; two in one paragraph aren't. */
export const LEGAL: readonly string[] = [
  'intended recipient',
  'intended solely for',
  'intended only for',
  'exclusively intended for',
  'confidential and may',
  'are confidential',
  'is confidential',
  'contains confidential',
  'contain confidential',
  'confidentiality notice',
  'legally privileged',
  'may be privileged',
  'privileged and confidential',
  'strictly prohibited',
  'in error please',
  'notify the sender',
  'delete it from your system',
  'delete this e',
  'any attachments',
  'avis de confidentialite',
  'sont confidentiels',
  'est confidentiel',
  'caractere confidentiel',
  'informations confidentielles',
  'exclusivement destine',
  'destine exclusivement',
  'destines exclusivement',
  'a l attention exclusive',
  'usage exclusif',
  'pas le destinataire',
  'pas destinataire',
  'message par erreur',
  'courriel par erreur',
  'mail par erreur',
  'strictement interdite',
  'avertir l expediteur',
  'prevenir l expediteur',
  'ses pieces jointes',
  'toutes les pieces jointes',
]

/** One of these is enough. */
export const PRINTING: readonly string[] = [
  'consider the environment before printing',
  'think before you print',
  'think of the environment before printing',
  'pensez a l environnement avant d imprimer',
  'pensez a l environnement avant l impression',
  'n imprimer ce message que si',
  'n imprimez ce message que si',
  'n imprimez cet e mail que si',
]
