import { describe, expect, test } from 'vitest'
import { accessOf } from '../../connectors/google-docs/access.ts'
import type { Access, AccessPolicy, Level } from '../../src/core/access.ts'

const principals: AccessPolicy['principals'] = {
  'user:ada@example.com': ['user:ada'],
  'group:support@example.com': ['group:support'],
  'domain:example.com': ['group:staff'],
  'domain-with-link:example.org': ['group:guests'],
}

const inherited = { type: 'user', emailAddress: 'ada@example.com', permissionDetails: [{ inherited: true }] }
const direct = { permissionDetails: [{ inherited: true }, { inherited: false }], inheritedPermissionsDisabled: true }

describe('who may read a file', () => {
  test.each<[string, readonly unknown[] | null, Level, Access]>([
    ['unreadable permissions', null, 'public', []],
    ['no permission', [], 'public', []],
    ['a user', [{ type: 'user', emailAddress: 'Ada@Example.com' }], 'public', ['user:ada']],
    ['a group', [{ type: 'group', emailAddress: 'support@example.com' }], 'public', ['group:support']],
    [
      'a domain that finds it',
      [{ type: 'domain', domain: 'example.com', allowFileDiscovery: true }],
      'public',
      ['group:staff'],
    ],
    ['a domain with the link', [{ type: 'domain', domain: 'example.com', allowFileDiscovery: false }], 'public', []],
    ['a domain, nothing said of finding', [{ type: 'domain', domain: 'example.com' }], 'public', []],
    ['a mapped domain with the link', [{ type: 'domain', domain: 'example.org' }], 'public', ['group:guests']],
    ['anyone who finds it', [{ type: 'anyone', allowFileDiscovery: true }], 'public', 'public'],
    [
      'anyone who finds it, at a source of staff',
      [{ type: 'anyone', allowFileDiscovery: true }],
      'staff',
      ['group:staff'],
    ],
    ['anyone with the link', [{ type: 'anyone', allowFileDiscovery: false }], 'public', []],
    ['whoever is not mapped', [{ type: 'user', emailAddress: 'eve@example.com' }], 'public', []],
    ['a deleted account', [{ type: 'user', emailAddress: 'ada@example.com', deleted: true }], 'public', []],
    [
      'a permission that ends',
      [{ type: 'user', emailAddress: 'ada@example.com', expirationTime: '2026-09-01T00:00:00Z' }],
      'public',
      [],
    ],
    [
      'a view of less than the file',
      [{ type: 'user', emailAddress: 'ada@example.com', view: 'metadata' }],
      'public',
      [],
    ],
    [
      'entries that aren’t understood',
      [null, { type: 7 }, { type: 'user' }, { type: 'anyone', allowFileDiscovery: 'yes' }],
      'public',
      [],
    ],
    [
      'each of several',
      [
        { type: 'user', emailAddress: 'ada@example.com', role: 'owner' },
        { type: 'group', emailAddress: 'support@example.com' },
      ],
      'public',
      ['group:support', 'user:ada'],
    ],
    [
      'an inherited entry where inheriting was turned off',
      [
        { ...inherited, inheritedPermissionsDisabled: true },
        { ...inherited, ...direct, type: 'group', emailAddress: 'support@example.com' },
      ],
      'public',
      ['group:support'],
    ],
    [
      'an owner, where inheriting was turned off',
      [{ ...inherited, role: 'owner', inheritedPermissionsDisabled: true }],
      'public',
      ['user:ada'],
    ],
    [
      'inheriting was turned off, and nothing is said of where the entry is from',
      [{ type: 'user', emailAddress: 'ada@example.com', inheritedPermissionsDisabled: true }],
      'public',
      [],
    ],
  ])('%s', (_, permissions, level, access) => {
    expect(accessOf(permissions, { level, principals })).toEqual(access)
  })
})
