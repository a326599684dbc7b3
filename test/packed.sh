#!/usr/bin/env bash
# Packs the package, installs the tarball in an empty project as a user would, runs the README's GitHub Actions recipe
# there, and replays a sync with it under every Node that is supported.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

tarball="$work/$(cd "$root" && npm pack --silent --ignore-scripts --pack-destination "$work")"

for major in 22 24; do
  project="$work/node-$major"
  mkdir -p "$project/knowledge"
  cd "$project"
  npm init --yes > package.log
  npm install --save-dev "$tarball" "node@$major" > install.log 2>&1 || { cat install.log; exit 1; }
  export PATH="$project/node_modules/.bin:$PATH"
  echo "Node $(node --version), unsilo $(npx unsilo --version)"

  npx unsilo sync --replay "$root/fixtures" --index trial.db
  npx unsilo search --index trial.db --json "marshal a JavaScript object into XML" | grep -q '"type":"hit"'

  cp -r "$root/fixtures/confluence" knowledge/
  node "$root/test/recipe.ts" "$root/README.md" > recipe.sh
  bash -euo pipefail recipe.sh
done
echo "packed package: installed, synced, searched and tested under Node 22 and 24"
