/** Keeps a long run's memory in proportion to what it holds. */
import { setFlagsFromString } from 'node:v8'

/**
 * On a machine with much memory V8 lets garbage grow to several times of what is in use before it collects, which made
 * most of what a sync of 20,000 pages took. Now old objects are collected when they have grown by half, and the space
 * of young ones stays as small as it begins.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * For a process that answers questions all day: what one leaves behind is much and short-lived, and to collect it from a
 * space that stays small took a fifth of the question's time. Also of threads, started before or behind it.
 */
export function letYoungGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
}
