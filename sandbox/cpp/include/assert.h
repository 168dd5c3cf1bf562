/* The assertions of solution and tests: found before the C library's header of this name.
 *
 * As there, this may be included again; unlike there, NDEBUG does not switch them off, and no
 * function of the program's own can take the place of the one that they call. */
#undef assert
#define assert(expression)          \
  (static_cast<bool>(expression) \
       ? void(0)                    \
       : ::aibench_assertion_failed(#expression, __FILE__, __LINE__))
