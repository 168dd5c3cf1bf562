/* The first header of every program. */
extern "C" void __attribute__((noreturn)) aibench_assertion_failed(const char *, const char *, int);
