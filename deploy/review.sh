#!/usr/bin/env bash
# deploy/review.sh BASE FORMAT OUT: what the merge checks of every platform run, and what an editor can run at home.
#
# BASE: branch or commit to compare with. FORMAT: github or gitlab (annotations on the lines), or text.
# OUT: folder for comment.md, reviewers.txt, preview/ and, for gitlab, its report.
# Ends with 1 where a changed record has an error or is not in the canonical style. PICTURES: address of the
# repository's files, to show pictures in the comment.
set -uo pipefail
base=$1 format=$2 out=$3
cd "$(dirname "$0")/.."
caselib=${CASELIB:-.venv/bin/caselib}
rm -rf "$out"
mkdir -p "$out"
comment=$out/comment.md
failed=0

# The tables first: a comment is read from its top.
"$caselib" check --changed --base "$base" --format "${format/gitlab/text}" --summary "$comment" || failed=1
if [ "$format" = gitlab ]; then
  "$caselib" check --changed --base "$base" --format gitlab --quiet 2>/dev/null >"$out/gl-code-quality-report.json"
  [ -s "$out/gl-code-quality-report.json" ] || echo "[]" >"$out/gl-code-quality-report.json"
fi

section() {  # section TITLE: what stands on the input, as it is, in the log and below a heading of the comment
  local text
  text=$(tee /dev/stderr)
  printf '\n### %s\n\n```text\n%s\n```\n' "$1" "${text//\`/ }" >>"$comment"
}
"$caselib" fmt --check --changed --base "$base" | section "书写是否合规范（caselib fmt 自动整理）" || failed=1
"$caselib" duplicates --changed --base "$base" | section "是否与已有的记录重复"
"$caselib" changes --base "$base" --pictures-at "${PICTURES:-}" --output "$out/changes.md" || failed=1
{ echo; cat "$out/changes.md"; } >>"$comment"
rm -f "$out/changes.md"
"$caselib" reviewers --base "$base" >"$out/reviewers.txt" || failed=1
if [ "$failed" = 0 ]; then
  "$caselib" preview --changed --base "$base" --output "$out/preview" --quiet || failed=1
fi
[ "$failed" = 0 ] && result="✅ 可以合并" || result="❌ 有错误，请照下面的表改正后再提交"
printf '## %s\n\n%s\n' "$result" "$(cat "$comment")" >"$comment.part" && mv "$comment.part" "$comment"
echo "$result"
exit "$failed"
