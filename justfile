# What is done to this repository, by people and by CI alike: `just` lists it, `just NAME` does it.

set shell := ["bash", "-euo", "pipefail", "-c"]

# Lists the recipes.
_default:
    @just --list --unsorted

# Runs the server on this machine: http://127.0.0.1:8080, data in ./data.
run *ARGS:
    cargo run -p selfsame-server -- {{ARGS}}

# Formats the code.
fmt:
    cargo fmt --all

# Formatting, lints, licences and layers, spelling, documentation; nothing is changed.
check:
    .ci/check

# Every test, on SQLite and on PostgreSQL where its server binaries are installed.
test *ARGS:
    cargo test --workspace --locked {{ARGS}}

# As CI runs it: installs what is lacking, then `check` and `test`. Debian 12 or later, as root.
ci:
    .ci/run

# Accepts golden snapshots that changed, after a look at each.
review:
    cargo insta review

# Known vulnerabilities among the dependencies; fetches the advisory database.
audit:
    cargo deny check advisories

# The black-box tests against the compose stack, from images to mail.
e2e:
    .ci/e2e

# Throughput of reads and changes of the profile against what the database alone can do, on this machine.
bench:
    cargo bench -p selfsame-server --locked

# The API reference of the code.
doc:
    cargo doc --workspace --no-deps --open

# The container image, tagged selfsame.
image:
    docker build --tag selfsame .

# Starts the compose stack and waits until it is healthy. Needs .env, see .env.example.
up:
    docker compose up --build --detach --wait

# Stops the compose stack; its data stays.
down:
    docker compose down
