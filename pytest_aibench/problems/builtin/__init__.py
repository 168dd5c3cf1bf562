"""The benchmarks that come with the package: one module a family, with its `BENCHMARKS`."""
