/** Everyday words, English and French, that are names too, and words that are in display names without being anybody's. */

/** Folded. These are a person only with a capital or next to another part of the name. */
export const COMMON_WORDS: ReadonlySet<string> = words(`
  ace adore aime amour ambre ami ange angel anis anise ann apple april archer aria art ash aube august aurore autumn avril
  bailey baker bale ball banks barber baron bas bay bell belle best bill bird black blanc blanche bleu bloom blue bon bonheur bonne
  bonnet boucher boulanger boy brand brave brick bridge brook brooks brown brun brune buck bud bull burns bush butcher butler butter
  can candy carpenter carrier carter case cash cerise chance chandler chant charron charpentier chase chasseur chef cherry chess chip chose christian christmas church cist
  claire clair clay cliff clos close coin college colombe come comme comte constance constant cook cooper corbeau corps coster cotton court cousin crane cross crystal
  dash dawn day dean dee deer delta demi denim desire desiree diamond do dot drake drew duc duke dune
  earl east eau ebony ed else emeraude emery etoile eve even ever
  faith fare farmer favor fay felicite fern finch fine fisher flash fleur flint flora florence forest forge fort fortune foster fountain fox france franc francais frank franck free freeman frost
  gale garcon garden gardener garnier gay gem gene general gentil germain ginger glass glen golden good grace grand grange gras gray green grey gris gros guide guy
  ham hand harmony haste hawk hay hazel heaven height herb hill him holiday honor hood hope horn house hunt hunter
  ice iris iron island ivory ivy
  jade jasmin jay jet jeune jewel job joie joint jolie jolly jour jours joy juin june jupiter just juste justice
  keep king kit knight
  la lac lamb lance lane large lark laurier law leaf lee leger lent lever lily lilas lin linden link lion lise live lock loi long lot lotus love lumiere luck lune
  mai main maire mark marche marchand marche marin marine marron marshall masson mat matin max may mechant mercier mercy merle merry messenger meunier mica mike miel mile miles mill miller mine mint miracle mode modeste moine moll monde moon moore more moulin mule muse
  near neige new niece noir noire nord north nova nuit
  oak ocean oceane odd olive or orange orchid ore
  page paille pain palm pan pape papillon paris park parker parfait pasteur pat patience pauvre paye peace pearl penny perry petit petite piece pierre pin pine pink piper plume poet poirier poivre pole pond pool pope porter post potter poulain power precious prairie premier prevost price prime prince princesse prudence prune
  queen quick
  rain ram ray read reed reine rene renard rich riche rio rise river rivers rivet riviere robe robin rock roi roman romain romance rose roses rosier rouge roux rover row rowan roy royal ruby rue ruse rush rust
  sable sage saint salt salle sand sandy sapin satin sauvage savage saver scarlet sculpteur season see sellers sergent shade sharp shaw shell shepherd shore short sierra silver simple singer sky small smart snow soleil sommer son sonnet sorel south spark spring stage star steel sterling stone storm street strong sud sue summer sun sunny sure swan sweet swift
  tailor tamise teal temple terrier tiger tonnelier tour toussaint town travers trinity trip troy truth tucker twist tyler
  une urban
  vacher valet van vasseur vert verte verdure victoire victory vie vigne ville violet violette voisin vogue
  wade walker wall ward warden warner waters way weaver well wells west wheeler white wild will willow winds winner winter wise wolf wood woods worth wren
  yard young
  zen
  account anything bonjour hello merci thanks test user utilisateur name nom prenom first last unknown inconnu anonymous anonyme visitor visiteur guest invite lead
`)

/** Folded. Never a name: parts of teams' and companies' display names, titles, role mailboxes. */
export const NOBODY: ReadonlySet<string> = words(`
  support team equipe service services client clients customer customers agent agents admin administrator administrateur bot operator operateur help desk helpdesk info infos contact sales
  noreply reply no not ne pas repondre mailer daemon postmaster webmaster hello accounts billing facturation compta comptabilite office bureau hr rh it
  care success technical technique sav commercial marketing user utilisateur unknown inconnu anonymous anonyme visitor visiteur guest test
  mr mrs ms miss mx sir madam m mme mlle mm monsieur madame mademoiselle dr docteur doctor prof professeur professor me maitre
  sas sarl sa eurl sasu sci inc ltd llc llp gmbh plc corp corporation company group groupe societe association
  gmail hotmail outlook yahoo orange wanadoo free sfr laposte icloud proton protonmail live
  jr sr phd via from chez de du des le la les the of and et at a an
`)

/** Folded. Between the parts of a name. */
export const PARTICLES: ReadonlySet<string> = words(
  'de du des d da das do dos di della del der den van von vom zu zur la le les l el al ben bin ibn abu mac mc o st saint ste y e ter ten op af av bint',
)

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
