/** Scripts without spaces between words, and Korean, whose particles stick to them: real sentences, indexed and asked. */
import { describe, expect, test } from 'vitest'
import { analyse, queryGroups } from '../../src/analysis/analyse.ts'
import { wordsOf } from '../../src/analysis/words.ts'

const CHINESE = '退款将在五个工作日内退回到您的原支付方式。'
const TRADITIONAL = '如果您忘記密碼，請點擊登入頁面上的「重設密碼」連結。'
const JAPANESE = 'パスワードを再設定するには、ログイン画面で「パスワードをお忘れですか」をクリックしてください。'
const KOREAN = '결제를 취소하려면 설정에서 구독을 선택하세요.'
const THAI = 'ผู้ใช้สามารถเปลี่ยนรหัสผ่านได้ที่หน้าการตั้งค่า'
const MIXED = '在iPhone用App登录时出现ERR_CONN_4042错误，请升级到v2.10.1版本（第3章）。'

describe('words are cut as a reader would', () => {
  test.each([
    ['如何更新知识库中的文章', '如何 更新 知识 库 中的 文章'],
    ['東京都に住んでいます', '東京 都 に 住 んで い ます'],
    ['データベースのバックアップ', 'データベース の バックアップ'],
    ['결제를 취소하려면', '결제를 취소하려면'],
    ['สามารถเปลี่ยนรหัสผ่านได้', 'สามารถ เปลี่ยน รหัส ผ่าน ได้'],
    ['ノートPC用のWi-Fi設定', 'ノート PC 用 の Wi-Fi 設定'],
    ['第3章v2.10.1版', '第 3 章 v2.10.1 版'],
  ])('%s', (text, words) => {
    expect(wordsOf(text).join(' ')).toBe(words)
  })
})

describe('a question finds the sentence that answers it', () => {
  test.each([
    ['Chinese', CHINESE, '退款'],
    ['Chinese', CHINESE, '支付方式'],
    ['Chinese', CHINESE, '工作日'],
    ['traditional Chinese', TRADITIONAL, '忘記密碼'],
    ['traditional Chinese', TRADITIONAL, '重設 連結'],
    ['Japanese', JAPANESE, 'パスワード 再設定'],
    ['Japanese', JAPANESE, 'ログイン'],
    ['Japanese, in half width', JAPANESE, 'ﾛｸﾞｲﾝ'],
    ['Japanese, a part of a word', 'データベースのバックアップ', 'データ'],
    ['Korean, without its particle', KOREAN, '결제 취소'],
    ['Korean', KOREAN, '구독을 선택'],
    ['Thai', THAI, 'รหัสผ่าน'],
    ['Thai', THAI, 'เปลี่ยนรหัส'],
    ['mixed', MIXED, 'iphone 登录'],
    ['mixed', MIXED, 'App登录错误'],
    ['mixed, a code whole', MIXED, 'ERR_CONN_4042'],
    ['mixed, a part of a code', MIXED, '4042'],
    ['mixed, a version', MIXED, '2.10.1'],
  ])('%s: in "%s" %s', (_, sentence, question) => {
    expect(missing(sentence, question)).toEqual([])
  })

  test.each([
    ['another city', '東京都に住んでいます', '京都'],
    ['another word', CHINESE, '发票'],
    ['letters of two words', '这是中国人民银行', '国人'],
    ['a part of a Thai word', THAI, 'ราก'],
    ['another particle alone', KOREAN, '환불'],
  ])('and no other: %s', (_, sentence, question) => {
    expect(missing(sentence, question)).not.toEqual([])
  })
})

test.each([CHINESE, TRADITIONAL, JAPANESE, KOREAN, THAI, MIXED])(
  'a sentence finds itself, however it is encoded: %s',
  (sentence) => {
    expect(missing(sentence, sentence)).toEqual([])
    expect(missing(sentence, sentence.normalize('NFD'))).toEqual([])
    expect(missing(sentence.normalize('NFD'), sentence)).toEqual([])
  },
)

test('the language of the text and of the query does not matter', () => {
  expect(analyse(JAPANESE, 'fr')).toEqual(analyse(JAPANESE, 'en'))
  expect(queryGroups(MIXED, ['en'])).toEqual(queryGroups(MIXED, ['en', 'nl']))
})

test('a long text without a space is cut too', () => {
  const words = wordsOf('退款将在五个工作日内到账'.repeat(3000))

  expect(words.length).toBeGreaterThan(20_000)
  expect(Math.max(...words.map((word) => word.length))).toBeLessThan(6)
})

/** The groups of the question of which the sentence holds no member. */
function missing(sentence: string, question: string): readonly (readonly string[])[] {
  const tokens = new Set(analyse(sentence, 'en'))
  return queryGroups(question, ['en', 'fr']).filter((group) => !group.some((token) => tokens.has(token)))
}
