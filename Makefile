# What people type. Every target works on a machine that has Go and nothing else;
# check fetches its pinned tools through the module proxy.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
SHARED ?= $(wildcard ../shared)

.PHONY: help run test check build golden bench bench-peers fuzz

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## count the example election
	go run ./cmd/kenesh tally testdata/kyrgyzstan-2020

test: ## what a stranger runs
	go test ./...

build: ## the binary, ./kenesh
	CGO_ENABLED=0 go build -trimpath -o kenesh ./cmd/kenesh

check: ## formatting, vet, staticcheck, tidy, race tests, 100,000 elections a method, 20,000 margins by brute force, 100,000 files by both paths of the reader; with ../shared also real data and the hostile corpus
	@test -z "$$(gofmt -l cmd internal)" || { echo "not gofmt-ed:"; gofmt -l cmd internal; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go mod tidy -diff
	go test -race -shuffle=on ./...
	go test ./internal/apportion -elections 100000
	go test ./internal/margin -elections 20000
	go test ./internal/ingest -run TestFastPath -files 100000
	$(if $(SHARED),KENESH_DATA=$(SHARED) go test ./...)

golden: ## rewrite the golden files of the tests; explain every changed digit in the commit
	KENESH_UPDATE=1 go test ./...

bench: ## the measured code, in benchstat's form
	go test -run '^$$' -bench . -benchmem ./internal/...

bench-peers: ## kenesh beside DuckDB, which is installed in a scratch folder with npm: seconds, ratios, peaks
	go run ./internal/bench/peers

fuzz: ## every fuzz target for half a minute
	@for p in $$(grep -rl '^func Fuzz' internal --include='*_test.go' | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho '^func Fuzz[A-Za-z]*' $$p/*_test.go | cut -c6-); do \
	    echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime 30s -fuzzminimizetime 10x ./$$p || exit 1; \
	  done; done
