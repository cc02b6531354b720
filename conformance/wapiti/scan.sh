#!/bin/sh
# Wapiti against a running server of this machine: its API, address by address from the OpenAPI document, and its public site.
#   sh conformance/wapiti/scan.sh API-URL SITE-URL TOKEN-FILE REPORT-FOLDER [SECONDS]
# Needs wapiti (Debian) and Node.js. Only loopback is scanned. The token is seen in the list of processes of this machine while it
# runs (wapiti takes headers in no other way): use a server that is thrown away afterwards.
set -eu
[ $# -ge 4 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
api=$1 site=$2 token=$(cat "$3") out=$4 seconds=${5:-240}
for url in "$api" "$site"; do
  case $url in http://127.0.0.1:*) ;; *) echo "scan: only http://127.0.0.1:PORT is scanned, not $url" >&2; exit 2 ;; esac
done
command -v wapiti >/dev/null || { echo "scan: wapiti is not installed: apt-get install wapiti" >&2; exit 3; }
mkdir -p "$out"
# Not ssrf and xxe, which ask a server of the scanner's authors whether they got through, nor what downloads lists.
modules=blindsql,cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,xss
here=$(dirname "$0")
"${NODE:-node}" "$here/addresses.mjs" "$api" >"$out/addresses.txt"
# shellcheck disable=SC2046 # one option an address
wapiti --url "$api/v1/readyz" --scope folder --module "$modules" $(sed 's/^/--start /' "$out/addresses.txt") --header "Authorization: Bearer $token" \
  --max-scan-time "$seconds" --max-attack-time 60 --flush-session --no-bugreport --verify-ssl 0 --format json --output "$out/api.json" --store-session "$out/session-api" >"$out/api.log" 2>&1 || echo "scan: wapiti of the API ended with $?" >&2
wapiti --url "$site/" --scope folder --module "$modules" --max-scan-time "$seconds" --max-attack-time 60 --flush-session --no-bugreport --verify-ssl 0 \
  --format json --output "$out/site.json" --store-session "$out/session-site" >"$out/site.log" 2>&1 || echo "scan: wapiti of the site ended with $?" >&2
"${NODE:-node}" "$here/told.mjs" "$out/api.json" "$out/site.json"
