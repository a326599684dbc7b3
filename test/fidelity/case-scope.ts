/** Asserts of other tools' tests that are about another step than turning a page into text, and why. */

export interface PassedOver {
  /** Part of a case's origin and what its test is called. */
  readonly test: RegExp
  /** The texts meant, or of an expected page its parts; all of the test's without it. */
  readonly text?: RegExp
  readonly reason: string
}

const PUBLISHING = 'publishing: markdown or edited text to storage format'
const CLIENT = 'the API client or its cache, with the conversion mocked or not called'
const EDITING = 'editing a stored page in place'
const MARKUP = 'storage markup that the tool keeps aside for its way back'
const ELSEWHERE = 'asserts text from a page, index or mock that the sample does not hold'
const PUBLISHED = 'publishing: the page that the tool made of its markdown leaves it out or spells it otherwise'
const UNPARSED = 'the ADF that the tool made of its markdown holds its own syntax as text, or a flatter list'
const TEMPLATE = 'the page has a template’s mark where the diagram would be'
const CUT = 'the sample holds only the beginning of the input'

export const passedOver: readonly PassedOver[] = [
  { test: /^confluence-bidir-sync .*test_bidirectional_sync/, text: /Page E/, reason: ELSEWHERE },
  { test: /^confluence-bidir-sync .*test_merge_preserves_multiline/, text: /^Line C$/, reason: ELSEWHERE },
  { test: /^confluence-bidir-sync .*test_multiple_br_in_same_cell/, text: /MODIFIED/, reason: EDITING },
  { test: /^confluence-bidir-sync .*(TestAdfSurgicalE2E|TestSurgicalEdit|TestApplyOperations)/, reason: EDITING },
  { test: /^confluence-bidir-sync .*(TestSurgicalEditor|TestUpdatePageSurgical)/, reason: EDITING },
  { test: /^confluence-bidir-sync .*(TestPushJourney|test_pull_converts_p_tags)/, reason: ELSEWHERE },
  { test: /^confluence-bidir-sync .*(TestMacroPreservationE2E|TestMacroEdgeCases)/, reason: MARKUP },
  { test: /^confluence-bidir-sync .*(TestMacroPreserver\.|TestPreserveMacrosForMarkdown)/, reason: MARKUP },
  { test: /^confluence-bidir-sync .*(TestMacroPreserverBlockMacros|test_preserve_nested_macros)/, reason: MARKUP },
  {
    test: /^confluence-bidir-sync .*TestMacroPreserver/,
    text: /^(inline-comment|abc123|abc|def|CONFLUENCE_MACRO_PLACEHOLDER)$/,
    reason: MARKUP,
  },
  { test: /^confluence-bidir-sync .*(test_confluence_macros_parsed|preserves_element_reference)/, reason: MARKUP },
  { test: /^confluence-bidir-sync .*(cache|TestXHTMLCache|TestConfluencePage)/, reason: CLIENT },
  { test: /^confluence-bidir-sync .*(version_conflict|TestOptimisticLocking|TestPageIDValidation)/i, reason: CLIENT },
  { test: /^confluence-bidir-sync .*(TestMarkdownToXHTML|TestBrToParagraph|TestNewlineSeparated)/, reason: PUBLISHING },

  { test: /^confluence-export test_(client|fetcher|manifest)/, reason: CLIENT },

  { test: /^confluence-markdown-exporter .*TestWikiLinkDisambiguation/, reason: ELSEWHERE },
  {
    test: /^confluence-markdown-exporter .*(TestAppMacroNested|test_excerpt_include_macro_transclusion)/,
    reason: ELSEWHERE,
  },
  { test: /^confluence-markdown-exporter .*test_unmatched_macro_id_warns/, reason: ELSEWHERE },
  { test: /^confluence-markdown-exporter .*test_convert_plantuml_cloud_editor2/, reason: ELSEWHERE },
  { test: /^confluence-markdown-exporter .*TestPlantUMLCloudConversion/, reason: CUT },
  { test: /^confluence-markdown-exporter .*test_convert_plantuml_complex_diagram/, reason: CUT },

  { test: /^mcp-atlassian test_(comments|pages|search|templates|v2_adapter)/, reason: CLIENT },
  { test: /^mcp-atlassian .*test_confluence_macro_preservation/, reason: MARKUP },
  { test: /^mcp-atlassian .*(TestTaskLists|TestFixAttachmentImages)/, reason: PUBLISHING },
  { test: /^mcp-atlassian .*test_clean_jira_text/, reason: 'wiki markup of Jira' },

  { test: /^mark .*heading-anchor-links/, text: /^links$/, reason: PUBLISHED },
  { test: /^md2conf .*missing/, text: /^(links|images)$/, reason: PUBLISHED },
  { test: /^md2conf .*tags/, text: /^cells$/, reason: PUBLISHED },
  { test: /^md2conf .*skip_nodes/, text: /^code$/, reason: PUBLISHED },
  { test: /^md2conf .*plantuml/, text: /^(words|code)$/, reason: TEMPLATE },

  {
    test: /^extended-adf-markdown .*comprehensive-advanced-features/,
    text: /^(headings|items|cells|code)$/,
    reason: UNPARSED,
  },
  { test: /^extended-adf-markdown .*comprehensive-media/, text: /^cells$/, reason: UNPARSED },
]
