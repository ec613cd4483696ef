# The contributor's door: `just` lists what there is.

set shell := ["bash", "-euo", "pipefail", "-c"]

@_list:
    just --list --unsorted

# Everything that must hold before a change lands
[group('check')]
ci:
    .ci/run

# The tests whose names contain NAME, e.g. `just test calls::`
[group('check')]
test NAME *FLAGS:
    cargo test --locked --test it -- {{ quote(NAME) }} {{ FLAGS }}

# The tests beside the code, e.g. `just unit meeting`
[group('check')]
unit NAME='':
    cargo test --locked --lib -- {{ quote(NAME) }}

# The promises about hostile input of the targets whose names begin with NAME, tried CASES times
[group('check')]
hostile NAME='' CASES='20000':
    PROPTEST_CASES={{ CASES }} BOLERO_RANDOM_ITERATIONS={{ CASES }} cargo test --locked --lib -- {{ quote('hostile::' + NAME) }}

# Looks for input that breaks a promise, led by what it does in the code; needs cargo-bolero
[group('check')]
fuzz TARGET TIME='5m':
    #!/usr/bin/env bash
    set -euo pipefail
    target={{ quote(TARGET) }}
    name=$(cargo test --locked --lib -- --list "hostile::${target}_" | sed -n 's/: test$//p')
    [[ -n $name ]] || { ls tests/hostile; exit 2; }
    found=$PWD/target/fuzz/$target
    mkdir -p "$found"/{corpus,crashes}
    cp tests/hostile/"$target"/* "$found/corpus/"
    cargo bolero test "$name" --rustc-bootstrap --sanitizer NONE -T {{ quote(TIME) }} \
      --corpus-dir "$found/corpus" --crashes-dir "$found/crashes"

# Where the tests beside the code do not notice that FILE does something else; needs cargo-mutants
[group('check')]
mutants FILE *FLAGS:
    cargo mutants --file {{ quote(FILE) }} --output target {{ FLAGS }}

# The end-to-end tests whose files' names begin with NAME, e.g. `just e2e page`; all without one
[group('check')]
e2e *NAMES:
    tests/e2e/run {{ NAMES }}

# Formatting, lints and documentation, as .ci/run has them
[group('check')]
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Licences, sources and known faults of dependencies; needs cargo-deny and the network
[group('check')]
deny *CHECKS:
    cargo deny --locked check {{ CHECKS }}

# The guide for a server of one's own, followed in a Debian that has nothing; needs root and the release
[group('check')]
guide *BINARY:
    .ci/guide {{ BINARY }}

# The image of deploy/Dockerfile, built without a registry and used; needs root and the release
[group('check')]
image *BINARY:
    .ci/image {{ BINARY }}

# What the released binary may take: CPU, size, memory
[group('measure')]
bars *BINARY:
    .ci/bars {{ BINARY }}

# The measurements whose names contain NAME, each beside its bar; all without one
[group('measure')]
bench NAME='':
    cargo bench --locked --bench bars -- {{ NAME }}

# What people feel while strangers storm a server for SECONDS, from ADDRESSES addresses of this machine; as root
[group('measure')]
storm SECONDS='10' ADDRESSES='2000' BINARY='target/release/tok':
    SECONDS={{ quote(SECONDS) }} ADDRESSES={{ quote(ADDRESSES) }} TOK="$(realpath {{ quote(BINARY) }})" node benches/edge/storm.mjs

# Completions, manual pages, the description of the API, the snapshot of all helps
[group('write')]
regen:
    cargo build --locked
    rm -f man/*.1
    target/debug/tok completions --dir completions
    target/debug/tok man --dir man
    target/debug/tok openapi > target/openapi.json && mv target/openapi.json docs/openapi.json
    INSTA_UPDATE=always cargo test --locked --test it -- help::

# The client in TypeScript, its types anew from docs/openapi.json; needs Node
[group('write')]
client:
    cd clients/typescript && npm install --silent && npm run build

# What the tables of the documents have to say
[group('write')]
tables:
    cargo test --locked --test it --no-fail-fast -- the_table

# What a package of the source holds, and that it builds
[group('release')]
package:
    cargo package --locked --list
    cargo package --locked

# The notes of a release, from the CHANGELOG
[group('release')]
notes VERSION:
    .ci/release-notes {{ quote(VERSION) }}

# The Debian package, built of this commit; needs cargo-deb
[group('release')]
deb:
    TOK_COMMIT=$(git rev-parse HEAD) TOK_DATE=$(git show -s --format=%cs HEAD) cargo build --release --locked --bin tok
    cargo deb --no-build --no-strip

# A binary for any Linux on x86-64, without a C library of its own; needs rustup and musl-gcc (musl-tools)
[group('release')]
static:
    rustup target add x86_64-unknown-linux-musl
    TOK_COMMIT=$(git rev-parse HEAD) TOK_DATE=$(git show -s --format=%cs HEAD) \
      cargo build --release --locked --bin tok --target x86_64-unknown-linux-musl
