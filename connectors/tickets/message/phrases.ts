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

/** Sentences of an answer that answer nothing. Beginnings, or wholes. */
export const COURTESIES: readonly string[] = [
  'you re welcome',
  'you are welcome',
  'no problem',
  'my pleasure',
  'glad to hear',
  'happy to help',
  'glad i could help',
  'glad to help',
  'is there anything else',
  'let me know if',
  'please let me know if',
  'let us know if',
  'please let us know if',
  'feel free to reach',
  'feel free to contact',
  'feel free to ask',
  'feel free to reply',
  'feel free to reopen',
  'feel free to let',
  'please feel free to reach',
  'please feel free to contact',
  'please feel free to ask',
  'please feel free to reply',
  'don t hesitate to reach',
  'don t hesitate to contact',
  'don t hesitate to ask',
  'please don t hesitate to',
  'please do not hesitate to',
  'if you have any other question',
  'if you have any further question',
  'if you have any more question',
  'if you need anything else',
  'i will look into',
  'i ll look into',
  'let me look into',
  'let me check',
  'i will check',
  'i ll check',
  'we will look into',
  'we ll look into',
  'we are looking into',
  'i will get back to you',
  'i ll get back to you',
  'we will get back to you',
  'we ll get back to you',
  'i am going to close',
  'i m going to close',
  'i will close',
  'i ll close',
  'we will close',
  'i m closing',
  'i am closing',
  'closing this',
  'as we haven t heard',
  'since we haven t heard',
  'as i haven t heard',
  'thank you for',
  'thanks for',
  'sorry for the',
  'we apologize for',
  'we apologise for',
  'apologies for',
  'have a nice',
  'have a great',
  'have a good',
  'have a lovely',
  'have a wonderful',
  'de rien',
  'je vous en prie',
  'je t en prie',
  'avec plaisir',
  'ravi de',
  'ravie de',
  'n hesitez pas a nous',
  'n hesitez pas a me',
  'n hesitez pas a revenir',
  'n hesitez pas si',
  'n hesite pas a',
  'puis je vous aider',
  'avez vous d autres questions',
  'si vous avez d autres questions',
  'si vous avez la moindre question',
  'je reste a votre disposition',
  'nous restons a votre disposition',
  'je me renseigne',
  'je verifie',
  'je regarde',
  'je reviens vers vous',
  'nous revenons vers vous',
  'nous regardons',
  'nous verifions',
  'je clos',
  'je cloture',
  'nous cloturons',
  'je ferme',
  'sans retour de votre part',
  'sans reponse de votre part',
  'merci de nous avoir',
  'merci de votre',
  'merci pour',
  'merci d avoir',
  'desole pour',
  'desolee pour',
  'nous nous excusons',
  'veuillez nous excuser',
  'bonne journee',
]

/** Short sentences that only say that it worked, or thank. Beginnings. */
export const CONFIRMATIONS: readonly string[] = [
  'thank you',
  'thanks',
  'that was it',
  'that s it',
  'that worked',
  'that works',
  'it works',
  'it worked',
  'it is working',
  'works now',
  'works fine',
  'all good',
  'problem solved',
  'perfect',
  'great',
  'merci beaucoup',
  'merci a vous',
  'merci a toi',
  'merci person',
  'merci encore',
  'c est bon',
  'c est parfait',
  'c est regle',
  'ca marche',
  'ca fonctionne',
  'tout fonctionne',
  'probleme resolu',
  'parfait',
  'super',
  'genial',
]
