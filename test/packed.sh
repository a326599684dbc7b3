#!/usr/bin/env bash
# Packs the package, installs the tarball in an empty project as a user would, runs the README's GitHub Actions recipe
# there, and replays a sync with it under every Node that is supported. Asks nothing but the package registry.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

tarball="$work/$(cd "$root" && npm pack --silent --ignore-scripts --pack-destination "$work")"

quietly() {
  "$@" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

for major in 22 24; do
  runtime="$work/runtime-$major" project="$work/project-$major"
  mkdir -p "$runtime" "$project/knowledge"
  quietly npm install --prefix "$runtime" "node@$major"
  export PATH="$runtime/node_modules/.bin:$PATH"
  cd "$project"
  quietly npm init --yes
  quietly npm install --save-dev "$tarball"
  echo "Node $(node --version), unsilo $(npx unsilo --version)"

  npx unsilo sync --replay "$root/fixtures" --index trial.db
  npx unsilo search --index trial.db --json "marshal a JavaScript object into XML" | grep -q '"type":"hit"'

  cp -r "$root/fixtures/confluence" knowledge/
  node "$root/test/recipe.ts" "$root/README.md" > recipe.sh
  bash -euo pipefail recipe.sh
done
echo "packed package: installed, synced, searched and tested under Node 22 and 24"
