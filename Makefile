# Shorthands for what people type often. Nothing needs make: README gives the commands themselves.
.PHONY: build test race lint ci bench figures screens install

build:
	go build -o opsdeck .

test:
	go test ./...

race lint:
	.ci/run $@

ci:
	.ci/run

# A table of what the program costs at several sizes, beside what is installed of others; BENCH_SIZES chooses.
.PHONY: bench-packages
BENCH_SIZES ?= 1k,10k,100k,1M
bench:
	BENCH_SIZES=$(BENCH_SIZES) go test . -run '^TestBench$$' -v -timeout 4h

# The benchmarks of single packages.
bench-packages:
	go test -run '^$$' -bench . -benchmem ./...

# What a change takes to twenty screens of a shared box and to a hundred, their memory, what they cost when idle.
figures:
	OPSDECK_FIGURES=1 go test -run TestFiguresOfTheBox -v .

# Draws screens, key tables and the guides' transcripts again, to be looked at in the diff.
screens:
	go test ./ui ./ui/kit . -update

install:
	go install .
