# What CI runs is `.ci/run`; these are its parts, for work on a change.

# format, lints, documentation
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

# all tests; a comparison whose real program is missing says so and passes
test:
    cargo test --workspace --locked

# licences, sources and duplicates of the dependencies
lint-deps:
    cargo deny --locked check --hide-inclusion-graph bans licenses sources

# every feature of every crate alone
features:
    cargo hack check --workspace --each-feature --no-dev-deps

# the oldest toolchain the manifests promise
msrv:
    cargo hack check --workspace --all-targets --locked --rust-version

# look at changed snapshots one by one
bless:
    cargo insta test --workspace --review
