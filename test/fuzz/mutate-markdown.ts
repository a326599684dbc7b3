/** Changes to markdown, line by line and block by block. */
import { hostileCharacter, hostileText } from './hostile.ts'
import type { Random } from './random.ts'

const PREFIXES = '> |- |1. |   |    |\t|# |###### |* |~~~|```|+ [ ] |10) |>|:'.split('|').concat('| ')
const LINES = String.raw`---
===
***
${'```js'}
${'```'}
~~~~
| a | b |
|---|:-:|
| x \| y | z |
<!-- a
-->
<!-- b -->
<div hidden>
</div>
<script>
</script>
[ref]: https://e.com "t"
[ref]
- - - x
<br>


\
text\
![a](b "c")
${'`` ` ``'}
**a*b**c*
[a][ref]
&copy; &#35;
- [x] done
    code`
  .split('\n')
  .concat('  ', 'text  ')
const PART_LINES = 40
const LARGEST = 20_000

export function mutateMarkdown(sample: string, other: string, random: Random): string {
  const lines = partOf(sample, random)
  let left = 1
  while (left < 12 && random.chance(0.75)) left += 1
  for (; left > 0; left -= 1) mutateOnce(lines, other, random)
  return lines.join(random.chance(0.03) ? '\r\n' : '\n').slice(0, LARGEST)
}

function partOf(text: string, random: Random): string[] {
  const lines = text.split('\n')
  const from = random.below(lines.length)
  return random.chance(0.05) ? lines : lines.slice(from, from + 1 + random.below(PART_LINES))
}

function mutateOnce(lines: string[], other: string, random: Random): void {
  const at = random.below(lines.length + 1)
  const line = lines[at] ?? ''
  const cut = random.below(line.length + 1)
  switch (random.below(11)) {
    case 0:
      lines.splice(at, 0, ...lines.slice(at, at + random.below(6)))
      return
    case 1:
      lines.splice(at, 1 + random.below(3))
      return
    case 2:
    case 3:
      lines.splice(at, 0, random.pick(LINES))
      return
    case 4:
      lines[at] = random.pick(PREFIXES) + line
      return
    case 5:
      for (let i = at; i < Math.min(lines.length, at + 8); i += 1)
        lines[i] = (line.startsWith(' ') ? '> ' : '  ') + lines[i]
      return
    case 6:
    case 7:
      lines[at] = line.slice(0, cut) + hostileText(random) + line.slice(cut)
      return
    case 8:
      lines[at] = line.slice(0, cut) + hostileCharacter(random) + line.slice(cut)
      return
    case 9:
      lines.splice(at, 0, ...partOf(other, random).slice(0, 10))
      return
    default:
      lines[at] = random.pick(PREFIXES).repeat(random.chance(0.05) ? random.below(200) : 1 + random.below(4)) + line
  }
}
