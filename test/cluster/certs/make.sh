#!/usr/bin/env bash
# Makes the certificates of the tests anew, in this folder. They protect nothing: their keys are public.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index"
cat >"$work/config" <<CONFIG
[ca]
default_ca = tests
[tests]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
organizationName = optional
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
[server]
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1,DNS:localhost
[elsewhere]
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.example.test
[client]
keyUsage = digitalSignature
extendedKeyUsage = clientAuth
CONFIG

issue() { # name, subject, section, last year, who signs
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$work/request"
  openssl ca -batch -notext -config "$work/config" -in "$work/request" -out "$1.crt" -extensions "$3" \
    -startdate 20000101000000Z -enddate "${4}0101000000Z" "${@:5}" 2>/dev/null
}

issue authority /CN=authority authority 2120 -selfsign -keyfile authority.key
issue stranger /CN=stranger authority 2120 -selfsign -keyfile stranger.key
by=(-cert authority.crt -keyfile authority.key)
issue server /CN=server server 2120 "${by[@]}"
issue expired /CN=expired server 2010 "${by[@]}"
issue elsewhere /CN=elsewhere elsewhere 2120 "${by[@]}"
issue client /CN=admin/O=system:masters client 2120 "${by[@]}"
issue expired-client /CN=admin/O=system:masters client 2010 "${by[@]}"
