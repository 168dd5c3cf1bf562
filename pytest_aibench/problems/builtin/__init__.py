"""The benchmarks that come with the package: one module each, with its `BENCHMARK`."""
