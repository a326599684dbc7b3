/** What the configuration says of the Help space page: how it looks, and where it may be shown. */
import { z } from 'zod'

const COLOUR = '^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$'
const MOST_RADIUS = 28

const colour = z.string().regex(new RegExp(COLOUR), 'expected a colour: #1f6feb')

export const helpSchema = z
  .strictObject({
    heading: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe('Whose help it is: the title, and the name in place of a logo.'),
    logo: z
      .string()
      .regex(/\.(svg|png|jpe?g|webp)$/i, 'expected a picture: a path that ends in .svg, .png, .jpg or .webp')
      .optional()
      .describe('A picture beside this file, for the top of the page.'),
    header: colour.optional().describe('Colour of the top. Text on it is white or black, whichever can be read.'),
    primary: colour.optional().describe('Colour of links and buttons, corrected where it could not be read.'),
    radius: z.number().min(0).max(MOST_RADIUS).optional().describe('Of corners, in pixels.'),
    suggest: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe('Words with which the articles are found that the page suggests.'),
    contact: z
      .string()
      .refine((text) => /^(https|mailto):.+/i.test(text), 'expected an address: https://… or mailto:…')
      .optional()
      .describe('Where readers are sent who found nothing, where the page has no messenger.'),
    frames: z
      .array(
        z
          .string()
          .refine(
            (text) => URL.parse(text)?.origin === text && /^https?:/.test(text),
            'expected an origin: https://example.com',
          ),
      )
      .default([])
      .describe(
        'Sites that may show the page in a frame, exactly: https://example.com. Without it: none but this server.',
      ),
  })
  .optional()
  .describe('The Help space page at /help.')
