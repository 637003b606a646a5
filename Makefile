# Shorthands for what people type often. Nothing needs make: README gives the commands themselves.
.PHONY: build test race lint ci bench screens install

build:
	go build -o opsdeck .

test:
	go test ./...

race lint:
	.ci/run $@

ci:
	.ci/run

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Draws docs/screens and docs/keys.md again, to be looked at in the diff.
screens:
	go test ./ui -update

install:
	go install .
